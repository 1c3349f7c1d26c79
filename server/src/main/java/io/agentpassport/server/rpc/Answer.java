package io.agentpassport.server.rpc;

import io.agentpassport.server.partition.ListPage;
import io.agentpassport.wire.Page;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

    /**
     * A page of a list as a message.
     *
     * @param page null when the token of the page before is none of that list
     */
    static <T, E, A> Answer<A> listed(@Nullable ListPage<T> page, Function<T, E> encode,
            Function<Page<E>, A> message) {
        if (page == null) {
            return refused(ServiceErrors.invalidPageToken());
        }
        String next = page.next();
        return of(message.apply(new Page<>(page.rows().stream().map(encode).toList(), next == null ? "" : next)));
    }

    /** This answer, for a handler that waits for nothing. */
    default CompletableFuture<Answer<A>> now() {
        return CompletableFuture.completedFuture(this);
    }
}
