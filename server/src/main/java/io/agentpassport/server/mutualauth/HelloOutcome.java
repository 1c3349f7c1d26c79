package io.agentpassport.server.mutualauth;

import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Failure;
import java.time.Duration;
import java.time.Instant;

/** What a hello is answered. */
public sealed interface HelloOutcome {

    /**
     * Our proof of ourselves, and what the agent must know to answer it.
     *
     * @param attest
     *            ours, signed; its own nonce is the challenge
     * @param audience
     *            the binding of the certificate in it
     * @param expiresAt
     *            the last instant at which the challenge is taken
     * @param maxClockSkew
     *            how far the clocks may be apart
     * @param maxSession
     *            the longest life of a session
     * @param idleTimeout
     *            for how long a session may rest
     */
    record Challenged(Attest attest, String audience, Instant expiresAt, Duration maxClockSkew, Duration maxSession,
            Duration idleTimeout) implements HelloOutcome {}

    /** binding_mismatch (agent_attest_role), version_unsupported, or replay_detected (timestamp_skew). */
    record Refused(Failure failure) implements HelloOutcome {}

    /**
     * There is no room for another challenge: try again in a moment.
     *
     * @param limit
     *            {@code open_challenges} or {@code open_challenges_per_peer}
     */
    record Overloaded(String limit) implements HelloOutcome {}
}
