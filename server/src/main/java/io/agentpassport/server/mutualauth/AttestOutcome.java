package io.agentpassport.server.mutualauth;

import io.agentpassport.core.handshake.Failure;

/** What an attest is answered. */
public sealed interface AttestOutcome {

    /** Both sides hold this session from now on. */
    record Established(SessionSnapshot session) implements AttestOutcome {}

    /** There is none, and the challenge, if there was one, is used up. */
    record Refused(Failure failure) implements AttestOutcome {}
}
