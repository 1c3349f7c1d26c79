package io.agentpassport.core.handshake;

import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.trust.TrustAnchor;

/** An attest that passed every check. Only {@link AttestVerifier} makes one. */
public final class VerifiedAttest {

    private final Attest attest;
    private final VerifiedCertificate certificate;
    private final TrustAnchor anchor;

    VerifiedAttest(Attest attest, VerifiedCertificate certificate, TrustAnchor anchor) {
        this.attest = attest;
        this.certificate = certificate;
        this.anchor = anchor;
    }

    /** The attest as received. */
    public Attest attest() {
        return attest;
    }

    /** The peer's certificate. */
    public VerifiedCertificate certificate() {
        return certificate;
    }

    /** The anchor that vouches for the certificate. */
    public TrustAnchor anchor() {
        return anchor;
    }
}
