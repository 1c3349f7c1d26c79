package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.TrustSnapshot;

/**
 * A session as it is used: its row, and both certificates as what they are.
 *
 * @param partition
 *            where it is kept
 * @param agent
 *            the certificate whose key signs its calls
 * @param system
 *            ours, of then
 * @param holder
 *            the agent's identity as a key: the 64 hex digits of its hash
 */
record LiveSession(PartitionId partition, SessionRow row, VerifiedCertificate agent, VerifiedCertificate system,
        String holder) {

    LiveSession(PartitionId partition, SessionRow row, VerifiedCertificate agent, VerifiedCertificate system) {
        this(partition, row, agent, system, row.identity().hashText());
    }

    SessionId id() {
        return row.record().id();
    }

    long establishedAtMillis() {
        return (long) row.record().establishedAtMillis();
    }

    LiveSession with(SessionRow changed) {
        return new LiveSession(partition, changed, agent, system, holder);
    }

    /**
     * Where it stands. A revocation is no record of the session's: it is found by walking the chain each time, so that it
     * holds from the moment the snapshot does.
     *
     * @param lastActiveMillis
     *            the last accepted call, or the establishment
     * @param idleMillis
     *            for how long it may rest
     */
    SessionState stateAt(TrustSnapshot trust, long lastActiveMillis, long idleMillis, long nowMillis) {
        SessionEnd end = row.end();
        if (end != null) {
            return end.state();
        }
        if (!isBelieved(trust, nowMillis)) {
            return SessionState.REVOKED;
        }
        if (nowMillis > row.record().expiresAtMillis()) {
            return SessionState.EXPIRED;
        }
        return nowMillis - lastActiveMillis > idleMillis ? SessionState.IDLE : SessionState.ACTIVE;
    }

    /** Whether the anchors of both certificates vouch for them, and neither was revoked. */
    boolean isBelieved(TrustSnapshot trust, long nowMillis) {
        return row.identity().issuerDomain().equals(trust.issuerDomainOf(agent.issuerKey()))
                && trust.anchors().checkAt(agent, (double) nowMillis) instanceof TrustAnchors.Trusted
                && trust.anchors().checkAt(system, (double) nowMillis) instanceof TrustAnchors.Trusted;
    }
}
