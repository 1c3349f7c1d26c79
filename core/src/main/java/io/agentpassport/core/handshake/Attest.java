package io.agentpassport.core.handshake;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A party's proof, as received: nothing of it has been verified, and any member may be missing or of the wrong type.
 *
 * @param json the document, whole and as it came; it must have passed the gate
 */
public record Attest(JsonObject json) {

    /** The version of the document's form. */
    public static final String SPEC_VERSION = "1.0";

    /** The version it says both agreed on, or null. */
    public @Nullable String chosenVersion() {
        return json.string("chosen_version");
    }

    /** The sender's nonce as text, or null. */
    public @Nullable String ownNonceText() {
        return json.string("own_nonce_b64");
    }

    /** The nonce it answers as text, or null. */
    public @Nullable String peerNonceText() {
        return json.string("peer_nonce_b64");
    }

    /** When it was made by the sender's clock, unix milliseconds, or null. */
    public @Nullable Double timestampMillis() {
        return json.number("timestamp");
    }

    /** The embedded certificate; one without members when there is none, which fails every check. */
    public Certificate certificate() {
        JsonObject certificate = json.object("certificate");
        return Certificate.received(certificate == null ? JsonObject.EMPTY : certificate);
    }
}
