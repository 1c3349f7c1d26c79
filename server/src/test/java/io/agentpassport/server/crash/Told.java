package io.agentpassport.server.crash;

import io.agentpassport.client.PassportException;
import io.grpc.StatusRuntimeException;

/**
 * What came of asking once. Times are of the wall clock, in milliseconds: when it was sent, and when its end was known.
 *
 * @param <T>
 *            what is answered
 */
sealed interface Told<T> {

    long sentAt();

    long endedAt();

    /** It was answered: what it says is durable. */
    record Acknowledged<T>(long sentAt, long endedAt, T answer) implements Told<T> {}

    /** It was refused: nothing happened. */
    record Refused<T>(long sentAt, long endedAt, String code) implements Told<T> {}

    /** It may have happened, or not. */
    record Unanswered<T>(long sentAt, long endedAt, String why) implements Told<T> {}

    /** What a failure tells. */
    static <T> Told<T> failed(long sentAt, long endedAt, PassportException e) {
        return switch (e.reason()) {
            case UNREACHABLE, UNAVAILABLE, TIMED_OUT ->
                new Unanswered<>(sentAt, endedAt, String.valueOf(e.getMessage()));
            // A message that was cut off, as a process that ends does; anything else is an answer that does not verify.
            case PROTOCOL_VIOLATION -> e.getCause() instanceof StatusRuntimeException
                    ? new Unanswered<>(sentAt, endedAt, String.valueOf(e.getMessage()))
                    : new Refused<>(sentAt, endedAt, Operation.UNPROVEN + e.getMessage());
            case REFUSED, NOT_AUTHENTICATED, LOCAL -> new Refused<>(sentAt, endedAt,
                    e.errorReason() == null ? e.reason() + ": " + e.getMessage() : String.valueOf(e.errorReason()));
        };
    }
}
