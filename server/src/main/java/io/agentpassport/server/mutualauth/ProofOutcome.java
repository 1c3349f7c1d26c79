package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionState;
import java.time.Instant;

/** What the check of an rpc proof answers. */
public sealed interface ProofOutcome {

    /** The call is the agent's, under an active session. */
    record Authenticated(Identity identity, SessionSnapshot session) implements ProofOutcome {}

    /** It is not, or may not be now. */
    sealed interface Refused extends ProofOutcome {}

    /** Session, audience, method, body digest or signature are not right; which of them is not said. */
    record Invalid() implements Refused {}

    /** It holds, but was issued too far from our clock, or before the service started. */
    record Stale(Instant issuedAt, Instant now) implements Refused {}

    /** It holds, but its nonce has been seen in this session. */
    record Replayed() implements Refused {}

    /**
     * It holds, but its session is over.
     *
     * @param state
     *            any but {@link SessionState#ACTIVE}
     */
    record SessionOver(SessionState state) implements Refused {}

    /**
     * It holds, but there is no room to remember it by: try again in a moment.
     *
     * @param limit
     *            {@code nonces_per_session}, {@code nonces} or {@code active_sessions}
     */
    record Overloaded(String limit) implements Refused {}
}
