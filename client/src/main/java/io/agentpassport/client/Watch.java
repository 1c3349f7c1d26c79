package io.agentpassport.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a service tells as it happens, one after another. When the connection breaks, it goes on by itself where it was.
 * Close it when done.
 *
 * @param <T> what is told
 */
public final class Watch<T> implements AutoCloseable {

    private final Source<?, T> source;

    private <A> Watch(Source<A, T> source) {
        this.source = source;
    }

    /**
     * Begins with the first call of {@link #next}.
     *
     * @param request what to ask for, after that message; null at first
     * @param reading what a message says
     */
    static <Q, A, T> Watch<T> of(Asking asking, MethodDescriptor<Q, A> method, Function<@Nullable A, Q> request,
            Function<A, T> reading) {
        return new Watch<>(new Source<A, T>(asking, reader -> {
            Channel channel = asking.opening(method);
            ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
            ClientCalls.asyncServerStreamingCall(call, request.apply(reader.last), reader.observing());
        }, reading));
    }

    /**
     * Waits for the next.
     *
     * @return null when none came in time
     * @throws PassportException when the service refuses; as UNREACHABLE or UNAVAILABLE when it could not be reached in
     *     time, after which it can be asked again
     */
    public @Nullable T next(Duration atMost) {
        return source.next(atMost);
    }

    /** Ends it; another thread that waits is told nothing more. */
    @Override
    public void close() {
        source.close();
    }

    /** @param message null when the stream has ended */
    private record Event<A>(@Nullable A message, @Nullable Throwable end) {}

    private interface Opening<A> {
        void open(Reader<A> reader);
    }

    private static final class Source<A, T> {

        private final Asking asking;
        private final Opening<A> opening;
        private final Function<A, T> reading;
        private volatile @Nullable Reader<A> open;
        private volatile boolean closed;
        private @Nullable A last;
        private @Nullable PassportException broken;
        private int failures;

        Source(Asking asking, Opening<A> opening, Function<A, T> reading) {
            this.asking = asking;
            this.opening = opening;
            this.reading = reading;
        }

        synchronized @Nullable T next(Duration atMost) {
            long end = asking.client().nanoTime() + atMost.toNanos();
            while (!closed) {
                Reader<A> reader = open;
                if (reader == null) {
                    PassportException why = broken;
                    long wait = why == null ? 0 : backoff(why);
                    if (why != null && end - asking.client().nanoTime() < wait) {
                        throw why;
                    }
                    pause(wait);
                    reader = connect();
                }
                Event<A> event = reader.take(end - asking.client().nanoTime());
                if (event == null) {
                    return null;
                }
                A message = event.message;
                if (message != null) {
                    failures = 0;
                    broken = null;
                    last = message;
                    reader.more();
                    return reading.apply(message);
                }
                ended(event.end);
            }
            return null;
        }

        private Reader<A> connect() {
            asking.client().calls().connectNow();
            var reader = new Reader<>(last);
            open = reader;
            opening.open(reader);
            return reader;
        }

        private void ended(@Nullable Throwable cause) {
            open = null;
            PassportException why = cause instanceof StatusRuntimeException status
                    ? PassportException.of(asking.client().target(), status)
                    : PassportException.protocolViolation("the service ended a watch without saying why");
            if (why.reason() != PassportException.Reason.UNREACHABLE
                    && why.reason() != PassportException.Reason.UNAVAILABLE) {
                throw why;
            }
            broken = why;
            failures++;
        }

        private long backoff(PassportException why) {
            Duration advised = why.retryAfter();
            return Math.max(advised == null ? 0 : advised.toNanos(), Math.min(ClientLimits.MAX_BACKOFF.toNanos(),
                    ClientLimits.FIRST_BACKOFF.toNanos() << Math.min(failures - 1, 10)));
        }

        private void pause(long nanos) {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw PassportException.timedOut("interrupted while waiting for " + asking.client().target());
            }
        }

        void close() {
            closed = true;
            Reader<A> reader = open;
            if (reader != null) {
                reader.cancel();
            }
        }
    }

    /** Reads one stream: asks for the next message when one was taken, so that one is held here. */
    private static final class Reader<A> {

        private final LinkedBlockingQueue<Event<A>> events = new LinkedBlockingQueue<>();
        private final @Nullable A last;
        private volatile @Nullable ClientCallStreamObserver<?> call;

        Reader(@Nullable A last) {
            this.last = last;
        }

        <Q> ClientResponseObserver<Q, A> observing() {
            return new ClientResponseObserver<>() {

                @Override
                public void beforeStart(ClientCallStreamObserver<Q> stream) {
                    stream.disableAutoRequestWithInitial(1);
                    call = stream;
                }

                @Override
                public void onNext(A message) {
                    events.add(new Event<>(message, null));
                }

                @Override
                public void onError(Throwable cause) {
                    events.add(new Event<>(null, cause));
                }

                @Override
                public void onCompleted() {
                    events.add(new Event<>(null, null));
                }
            };
        }

        @Nullable
        Event<A> take(long nanos) {
            try {
                return events.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw PassportException.timedOut("interrupted while waiting for what comes next");
            }
        }

        void more() {
            ClientCallStreamObserver<?> stream = call;
            if (stream != null) {
                stream.request(1);
            }
        }

        void cancel() {
            ClientCallStreamObserver<?> stream = call;
            if (stream != null) {
                stream.cancel("the watch was closed", null);
            }
        }
    }
}
