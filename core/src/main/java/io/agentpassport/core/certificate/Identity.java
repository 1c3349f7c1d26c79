package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is across keys and certificates: what is counted, limited, granted and revoked together. All anchors and
 * all keys of one publisher belong to one issuer domain, so nobody else's issuer can speak for the identity.
 *
 * @param issuerDomain the domain of the publisher whose anchor vouches for the certificate, 1 to 256 characters
 * @param binding the agent id it acts under, or the resource domain it serves, 1 to 256 characters
 */
public record Identity(String issuerDomain, String binding) {

    /** The longest domain or binding, in characters. */
    public static final int MAX_CHARACTERS = 256;

    /** Both are there, and bounded. */
    public Identity {
        if (!isName(issuerDomain) || !isName(binding)) {
            throw new IllegalArgumentException("an issuer domain and a binding have 1 to 256 characters");
        }
    }

    /** The identity of these two, or null when one is absent, empty or too long. */
    public static @Nullable Identity of(@Nullable String issuerDomain, @Nullable String binding) {
        return issuerDomain != null && binding != null && isName(issuerDomain) && isName(binding)
                ? new Identity(issuerDomain, binding)
                : null;
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_CHARACTERS;
    }

    /** 32 bytes that stand for it in keys, and that place it: SHA-256 of the canonical pair. */
    public byte[] hash() {
        return Digest.sha256(Jcs.bytes(JsonArray.ofStrings(List.of(issuerDomain, binding))));
    }

    /** The same as 64 hex digits. */
    public String hashText() {
        return HexText.encode(hash());
    }

    @Override
    public String toString() {
        return binding + "@" + issuerDomain;
    }
}
