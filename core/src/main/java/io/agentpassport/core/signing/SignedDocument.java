package io.agentpassport.core.signing;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.Rejected;

/**
 * A document that carries its Ed25519 signature as member {@code signature_b64}, over the canonical form of all its
 * other members. All of them: also those we do not know, and an explicit null is other bytes than an absent member. So
 * what is verified, stored and passed on is always the document that was received, never one rebuilt from its parts.
 */
public final class SignedDocument {

    /** The member that holds the signature. */
    public static final String SIGNATURE_MEMBER = "signature_b64";

    private SignedDocument() {}

    /** What signing answers: {@link Signed} or {@link Unsignable}. */
    public sealed interface Outcome permits Signed, Unsignable {}

    /** The document with its signature. */
    public record Signed(JsonObject document) implements Outcome {}

    /** The document has no canonical form that every implementation reads alike, and was not signed. */
    public record Unsignable(Rejected rejected) implements Outcome {}

    /** Signs what is there, and adds the signature. */
    public static Outcome sign(JsonObject unsigned, Signer signer) {
        Jcs.Outcome canonical = Jcs.canonicalizeForSigning(unsigned);
        if (canonical instanceof Rejected rejected) {
            return new Unsignable(rejected);
        }
        Signature signature = signer.sign(((Jcs.Canonical) canonical).bytes());
        return new Signed(unsigned.with(SIGNATURE_MEMBER, new JsonString(signature.text())));
    }

    /**
     * Signs a document of our own making.
     *
     * @throws IllegalArgumentException when a text in it has a lone surrogate, or a number is an unsafe integer
     */
    public static JsonObject signOwn(JsonObject unsigned, Signer signer) {
        Outcome outcome = sign(unsigned, signer);
        if (outcome instanceof Signed signed) {
            return signed.document();
        }
        throw new IllegalArgumentException("cannot be signed: " + ((Unsignable) outcome).rejected());
    }

    /** The canonical bytes that the signature covers. */
    public static byte[] signedBytes(JsonObject document) {
        return Jcs.bytes(document.without(SIGNATURE_MEMBER));
    }

    /** Whether the signature is there, in strict base64, and verifies over these {@link #signedBytes}. */
    public static boolean verifies(JsonObject document, byte[] signedBytes, PublicKey key) {
        Signature signature = Signature.fromText(document.string(SIGNATURE_MEMBER));
        return signature != null && Ed25519.verify(key, signedBytes, signature);
    }
}
