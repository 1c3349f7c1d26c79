package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceError;
import java.util.concurrent.CompletableFuture;

/** What a handler answers: a message, or why there is none. */
sealed interface Answer<A> {

    /** The message. */
    record Given<A>(A message) implements Answer<A> {}

    /** Why there is none. */
    record Refused<A>(ServiceError error) implements Answer<A> {}

    static <A> Answer<A> of(A message) {
        return new Given<>(message);
    }

    static <A> Answer<A> refused(ServiceError error) {
        return new Refused<>(error);
    }

    /** This answer, for a handler that waits for nothing. */
    default CompletableFuture<Answer<A>> now() {
        return CompletableFuture.completedFuture(this);
    }
}
