package io.agentpassport.core.signing;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.Rejected;

/**
 * A statement whose Ed25519 signature travels beside it: over the canonical form of the statement as parsed, so its
 * sender may write the JSON as it likes.
 *
 * @param statement what is said; member {@code spec} names its kind and version
 * @param signature over the statement's canonical bytes
 */
public record SignedStatement(JsonObject statement, Signature signature) {

    /**
     * Signs a statement of our own making.
     *
     * @throws IllegalArgumentException when a text in it has a lone surrogate, or a number is an unsafe integer
     */
    public static SignedStatement sign(JsonObject statement, Signer signer) {
        Jcs.Outcome canonical = Jcs.canonicalizeForSigning(statement);
        if (canonical instanceof Rejected rejected) {
            throw new IllegalArgumentException("cannot be signed: " + rejected);
        }
        return new SignedStatement(statement, signer.sign(((Jcs.Canonical) canonical).bytes()));
    }

    /** Whether the signature verifies under the key. */
    public boolean verifies(PublicKey key) {
        return Ed25519.verify(key, Jcs.keptBytes(statement), signature);
    }
}
