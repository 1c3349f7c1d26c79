package io.agentpassport.core.handshake;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A party's proof, as received: nothing of it has been verified, and any member may be missing or of the wrong type.
 */
public final class Attest {

    /** The version of the document's form. */
    public static final String SPEC_VERSION = "1.0";

    private final JsonObject json;
    /** One object for all who ask, so that the id it remembers is computed once. */
    private final Certificate certificate;

    /** An attest of that document, which must have passed the gate. */
    public Attest(JsonObject json) {
        this.json = json;
        JsonObject embedded = json.object("certificate");
        this.certificate = Certificate.received(embedded == null ? JsonObject.EMPTY : embedded);
    }

    /** The document, whole and as it came. */
    public JsonObject json() {
        return json;
    }

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
        return certificate;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Attest that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }
}
