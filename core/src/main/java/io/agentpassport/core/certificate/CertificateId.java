package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The name of a certificate: {@code sha256:} and the digest of its canonical form without its signature.
 *
 * @param text {@code sha256:} and 64 lower-case hex digits
 */
public record CertificateId(String text) {

    /** Only the one form. */
    public CertificateId {
        if (!Digest.isSha256Text(text)) {
            throw new IllegalArgumentException("a certificate id is sha256: and 64 lower-case hex digits");
        }
    }

    /** The id of the canonical bytes that a certificate's signature covers. */
    static CertificateId ofSignedBytes(byte[] signedBytes) {
        return new CertificateId(Digest.sha256Text(signedBytes));
    }

    /** The id of that text, or null when it is not one. */
    public static @Nullable CertificateId fromText(@Nullable String text) {
        return text == null || !Digest.isSha256Text(text) ? null : new CertificateId(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
