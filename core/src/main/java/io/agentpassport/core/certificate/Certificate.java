package io.agentpassport.core.certificate;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as received: any JSON object, of which nothing has been verified. {@link CertificateVerifier} turns it
 * into a {@link VerifiedCertificate}, whose members can be relied on.
 */
public final class Certificate {

    /** The version of the document's form. */
    public static final String SPEC_VERSION = "1.0";

    private final JsonObject json;
    private @Nullable CertificateId id;

    private Certificate(JsonObject json) {
        this.json = json;
    }

    /** A certificate of that document. */
    public static Certificate received(JsonObject json) {
        return new Certificate(json);
    }

    /** The document, whole and as it came. */
    public JsonObject json() {
        return json;
    }

    /** Its id. The document must have passed the gate. */
    public CertificateId id() {
        CertificateId known = id;
        if (known == null) {
            known = CertificateId.ofSignedBytes(SignedDocument.signedBytes(json));
            id = known;
        }
        return known;
    }

    /** Spares the digest to whoever asks for the id after the verifier has computed it. */
    void rememberId(CertificateId computed) {
        id = computed;
    }

    /** What it says its role is, or null when that is no role. */
    public @Nullable Role claimedRole() {
        return Role.fromText(json.string("role"));
    }

    /** How its window stands to an instant. */
    public enum Window {
        /** Within. */
        VALID,
        /** Before {@code not_before}, or there is no such member. */
        NOT_YET_VALID,
        /** After {@code not_after}, or there is no such member, or the window is turned round. */
        EXPIRED
    }

    /**
     * How its window stands to an instant; both ends are inclusive and widened by the skew.
     *
     * @param nowMillis unix milliseconds
     * @param skewMillis how far clocks may differ
     */
    public Window window(double nowMillis, double skewMillis) {
        Double notBefore = json.number("not_before");
        if (notBefore == null || nowMillis + skewMillis < notBefore) {
            return Window.NOT_YET_VALID;
        }
        Double notAfter = json.number("not_after");
        if (notAfter == null || nowMillis - skewMillis > notAfter || notBefore > notAfter) {
            return Window.EXPIRED;
        }
        return Window.VALID;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Certificate that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }
}
