package io.agentpassport.core.handshake;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import java.util.Objects;

/**
 * What a party is about to prove.
 *
 * @param role what it is
 * @param chosenVersion the version both agreed on
 * @param ownNonceText its own nonce, base64
 * @param peerNonceText its peer's nonce, base64
 * @param certificate its certificate, embedded exactly as it was issued
 * @param timestampMillis unix milliseconds of its clock
 */
public record UnsignedAttest(Role role, String chosenVersion, String ownNonceText, String peerNonceText,
        Certificate certificate, double timestampMillis) {

    /**
     * What an agent answers an information system's attest.
     *
     * @throws NullPointerException when the attest lacks what a verified one has
     */
    public static UnsignedAttest answering(Attest system, Nonce own, Certificate certificate, double timestampMillis) {
        return new UnsignedAttest(Role.AGENT, Objects.requireNonNull(system.chosenVersion()), own.text(),
                Objects.requireNonNull(system.ownNonceText()), certificate, timestampMillis);
    }

    /** The document. */
    public JsonObject json() {
        return JsonObject.builder()
                .put("spec_version", Attest.SPEC_VERSION)
                .put("role", role.text())
                .put("chosen_version", chosenVersion)
                .put("own_nonce_b64", ownNonceText)
                .put("peer_nonce_b64", peerNonceText)
                .put("certificate", certificate.json())
                .put("timestamp", timestampMillis)
                .build();
    }

    /**
     * Signs it with the key that the certificate is for.
     *
     * @throws IllegalArgumentException when a member has no canonical form that every implementation reads alike
     */
    public Attest sign(Signer subject) {
        return new Attest(SignedDocument.signOwn(json(), subject));
    }
}
