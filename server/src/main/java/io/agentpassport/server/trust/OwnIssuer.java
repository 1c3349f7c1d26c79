package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;

/**
 * What the service is as an issuer.
 *
 * @param issuerDomain
 *            what all its anchors issue for, 1 to 256 characters
 * @param issuingKey
 *            the public half of the key that signs certificates
 * @param bundleKey
 *            signs its bundles; another key than the issuing one
 * @param logKey
 *            the public half of the key that signs checkpoints of its log; nobody's anchor
 */
public record OwnIssuer(String issuerDomain, PublicKey issuingKey, Signer bundleKey, PublicKey logKey) {

    public OwnIssuer {
        if (issuerDomain.isEmpty() || issuerDomain.length() > TrustLimits.MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException("an issuer domain has 1 to 256 characters");
        }
        if (bundleKey.publicKey().equals(issuingKey) || logKey.equals(issuingKey)
                || logKey.equals(bundleKey.publicKey())) {
            throw new IllegalArgumentException("one key, one purpose: two of issuing, bundle and log key are the same");
        }
    }

    /** The key that signs our bundles. */
    public PublicKey publisherKey() {
        return bundleKey.publicKey();
    }

    /** The name of the anchor that the issuing key is, and of the issuer in certificates. */
    public String anchorId() {
        return issuerDomain.length() > 200 ? "anchor-" + issuingKey.hex().substring(0, 16)
                : issuerDomain + "#" + issuingKey.hex().substring(0, 16);
    }
}
