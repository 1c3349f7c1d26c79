package io.agentpassport.wire;

/** Whether a certificate still speaks for its subject; certificate.proto says what each means. */
public enum CertificateState {
    /** It does. */
    ACTIVE,
    /** Its life is over. */
    EXPIRED,
    /** It was revoked, or the anchor that issued it. */
    REVOKED
}
