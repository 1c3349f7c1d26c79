package io.agentpassport.core.certificate;

/** Whether a certificate still speaks for its subject, as the service that issued it answers. */
public enum CertificateState {
    /** Within its life and not revoked. */
    ACTIVE,
    /** Past its life, and not revoked before that. */
    EXPIRED,
    /** Revoked, itself or with the anchor that issued it. */
    REVOKED
}
