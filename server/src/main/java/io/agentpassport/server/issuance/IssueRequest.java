package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.store.PartitionId;

/**
 * Asks for a certificate.
 *
 * @param proof
 *            the issuance proof, signed by the key to be certified; nothing of it has been verified
 * @param authority
 *            by what right
 */
public record IssueRequest(SignedStatement proof, Authority authority) {

    /** By what right a certificate is issued. */
    public sealed interface Authority {}

    /** A join token as printed, {@code ID.SECRET}; whatever text was sent. */
    public record Token(String text) implements Authority {

        /** Holds a secret. */
        @Override
        public String toString() {
            return "Token";
        }
    }

    /**
     * An admin of role issuer, known by the channel.
     *
     * @param name
     *            of the admin, for the record
     */
    public record Admin(String name, Enrolment enrolment) implements Authority {}

    /**
     * The holder of a certificate that is to be renewed.
     *
     * @param signature
     *            of that certificate's key over the same proof
     */
    public record Renewal(CertificateId certificate, PartitionId partition, Signature signature) implements Authority {}
}
