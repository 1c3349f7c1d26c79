package io.agentpassport.client;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.wire.ErrorReason;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One unary call after another: with a deadline, and again when that is safe and may help. */
final class Calls {

    /** Whether a call may be sent twice. */
    enum Repeat {
        /** It has no effect, or the same effect twice. */
        SAFE,
        /** It may be sent once only. */
        NEVER
    }

    private final ManagedChannel connection;
    private final CallsUnderWay underWay = new CallsUnderWay();
    private final Channel channel;
    private final String target;
    private final Duration deadline;
    private final LongSupplier nanoTicker;
    private final NonceSource random;

    Calls(ManagedChannel connection, String target, Duration deadline, LongSupplier nanoTicker, NonceSource random) {
        this.connection = connection;
        this.channel = ClientInterceptors.intercept(connection, underWay);
        this.target = target;
        this.deadline = deadline;
        this.nanoTicker = nanoTicker;
        this.random = random;
    }

    Channel channel() {
        return channel;
    }

    String target() {
        return target;
    }

    /**
     * Does not wait for the time at which the channel would try again by itself to reach the service. A channel that has
     * failed refuses calls while it connects again; one that begins anew has them wait for what comes of it.
     */
    void connectNow() {
        if (connection.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            connection.enterIdle();
        }
    }

    /**
     * Takes no new calls, waits for those under way, and ends the connection. A channel that has connected anew would wait
     * for 5 s also when there are none.
     */
    void close() throws InterruptedException {
        connection.shutdown();
        try {
            underWay.awaitNone(ClientLimits.CLOSING);
        } finally {
            connection.shutdownNow();
        }
        connection.awaitTermination(ClientLimits.CLOSING.toNanos(), TimeUnit.NANOSECONDS);
    }

    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
        return call(method, request, repeat, null);
    }

    /**
     * @param proof makes the metadata of each try anew, since a proof serves one call only; null for none
     */
    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Repeat repeat, @Nullable Supplier<Metadata> proof) {
        long end = nanoTicker.getAsLong() + deadline.toNanos();
        for (int attempt = 1;; attempt++) {
            try {
                return once(method, request, end - nanoTicker.getAsLong(), proof);
            } catch (StatusRuntimeException e) {
                PassportException failure = PassportException.of(target, e);
                Duration wait = waitBefore(attempt, failure);
                boolean inTime = end - nanoTicker.getAsLong() > wait.toNanos();
                if (repeat == Repeat.NEVER || attempt == ClientLimits.ATTEMPTS || !helps(failure) || !inTime) {
                    throw failure;
                }
                sleep(wait, failure);
                connectNow();
            }
        }
    }

    private <Q, A> A once(MethodDescriptor<Q, A> method, Q request, long nanosLeft,
            @Nullable Supplier<Metadata> proof) {
        Channel withProof = proof == null
                ? channel
                : ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(proof.get()));
        return ClientCalls.blockingUnaryCall(withProof, method,
                CallOptions.DEFAULT.withDeadlineAfter(Math.max(1, nanosLeft), TimeUnit.NANOSECONDS), request);
    }

    private static boolean helps(PassportException failure) {
        return failure.errorReason() == ErrorReason.REPLAY || failure.reason() == PassportException.Reason.UNREACHABLE
                || failure.reason() == PassportException.Reason.UNAVAILABLE;
    }

    private Duration waitBefore(int attempt, PassportException failure) {
        Duration advised = failure.retryAfter();
        if (advised != null) {
            return advised;
        }
        long most = Math.min(ClientLimits.MAX_BACKOFF.toMillis(),
                ClientLimits.FIRST_BACKOFF.toMillis() << (attempt - 1));
        long jitter = Math.floorMod(ByteBuffer.wrap(random.bytes(Long.BYTES)).getLong(), most / 2 + 1);
        return Duration.ofMillis(most / 2 + jitter);
    }

    private static void sleep(Duration wait, PassportException failure) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
