package io.agentpassport.server.mutualauth;

import io.agentpassport.core.handshake.Failure;
import java.time.Duration;

/** What an attest is answered. */
public sealed interface AttestOutcome {

    /** Both sides hold this session from now on. */
    record Established(SessionSnapshot session) implements AttestOutcome {}

    /** There is none, and the challenge, if there was one, is used up. */
    record Refused(Failure failure) implements AttestOutcome {}

    /**
     * It holds, but its identity begins sessions too often. The challenge is used up.
     *
     * @param retryAfter
     *            how long to wait before the next Hello
     */
    record TooOften(Duration retryAfter) implements AttestOutcome {}
}
