package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;

/**
 * What an agent's attest must answer.
 *
 * @param ownNonceText
 *            our nonce, base64
 * @param agentNonceText
 *            the agent's, as its hello named it, base64
 * @param ownCertificate
 *            ours of then
 * @param ownAttest
 *            what we proved ourselves by
 * @param peer
 *            whoever asked, such as an address
 */
record Challenge(String ownNonceText, String agentNonceText, VerifiedCertificate ownCertificate, Attest ownAttest,
        String peer) {

    /** The nonces that the answer must carry. */
    ExpectedNonces expected() {
        return new ExpectedNonces(ownNonceText, agentNonceText);
    }

    /** Whom the answer must be meant for. */
    String audience() {
        return ownCertificate.binding();
    }
}
