package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.Signer;

/**
 * Who the service is when it proves itself.
 *
 * @param certificate
 *            its own, of an information system
 * @param attestKey
 *            the key that the certificate is for
 */
public record OwnIdentity(VerifiedCertificate certificate, Signer attestKey) {

    public OwnIdentity {
        if (certificate.role() != Role.INFORMATION_SYSTEM) {
            throw new IllegalArgumentException("the service is an information system");
        }
        if (!certificate.subjectKey().equals(attestKey.publicKey())) {
            throw new IllegalArgumentException("the service's certificate is for another key");
        }
    }

    /** The binding of its certificate: the audience of every statement that is signed for this service. */
    public String audience() {
        return certificate.binding();
    }
}
