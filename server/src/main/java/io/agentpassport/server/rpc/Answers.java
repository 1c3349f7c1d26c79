package io.agentpassport.server.rpc;

import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.ServiceError;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries a request from its decoding to its answer: what went wrong on the way becomes a status here, and only here. */
final class Answers {

    private final Incidents incidents;
    private final Readers readers;

    Answers(Incidents incidents, Readers readers) {
        this.incidents = incidents;
        this.readers = readers;
    }

    /** Answers a request whose handler does not block: it runs here, on the event loop. */
    <V, A> void here(StreamObserver<A> to, Decoded<V> request,
            Function<V, ? extends CompletionStage<Answer<A>>> handler) {
        switch (request) {
            case Decoded.Invalid<V> invalid -> to.onError(GrpcErrors.of(invalid.error()));
            case Decoded.Valid<V> valid -> {
                RequestId id = incidents.ids().currentOrNext();
                CompletionStage<Answer<A>> answer;
                try {
                    answer = handler.apply(valid.value());
                } catch (RuntimeException e) {
                    answer = CompletableFuture.failedFuture(e);
                }
                var unused = answer.whenComplete((given, failure) -> send(to, given, failure, id));
            }
        }
    }

    /** Answers a request whose handler may read the store: it runs on a reader's thread. */
    <V, A> void reading(StreamObserver<A> to, Decoded<V> request,
            Function<V, CompletableFuture<Answer<A>>> handler) {
        here(to, request, value -> readers.read(Caller.current(), () -> handler.apply(value)));
    }

    /**
     * Reads the store for a stream that is open, on a reader's thread.
     *
     * @param failed
     *            is told when it could not be read
     */
    void reading(Runnable read, Consumer<ServiceError> failed) {
        try {
            readers.forOthers().execute(() -> {
                try {
                    read.run();
                } catch (RuntimeException e) {
                    failed.accept(incidents.report(e));
                }
            });
        } catch (RejectedExecutionException e) {
            failed.accept(incidents.report(e));
        }
    }

    private <A> void send(StreamObserver<A> to, @Nullable Answer<A> answer, @Nullable Throwable failure,
            RequestId id) {
        if (failure != null || answer == null) {
            to.onError(GrpcErrors.of(incidents.report(
                    failure == null ? new IllegalStateException("a handler answered nothing") : failure, id)));
            return;
        }
        try {
            switch (answer) {
                case Answer.Given<A> given -> {
                    to.onNext(given.message());
                    to.onCompleted();
                }
                case Answer.Refused<A> refused -> to.onError(GrpcErrors.of(refused.error()));
            }
        } catch (RuntimeException e) {
            // The caller has gone: nobody is left to be told.
            incidents.unheard(e);
        }
    }
}
