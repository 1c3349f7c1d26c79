package io.agentpassport.server.rpc;

import io.agentpassport.server.metrics.RpcMeters;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every call has a {@link RequestId}, ends, once, and is logged at debug, without what it carried: a unary call is over after
 * {@link RpcLimits#UNARY_DEADLINE} also when its request never comes.
 */
final class BoundedCalls implements ServerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger("io.agentpassport.calls");

    private final ScheduledExecutorService timer;
    private final LongSupplier ticker;
    private final RpcMeters meters;
    private final RequestId.Source ids;
    private final AtomicInteger underWay = new AtomicInteger();

    BoundedCalls(ScheduledExecutorService timer, LongSupplier ticker, RpcMeters meters,
            RequestId.Source ids) {
        this.timer = timer;
        this.ticker = ticker;
        this.meters = meters;
        this.ids = ids;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        RequestId id = ids.next();
        long began = ticker.getAsLong();
        Context.CancellableContext context = contextOf(id.in(Context.current()),
                call.getMethodDescriptor().getType());
        var bounded = new EndedOnce<>(call, context, id, began);
        underWay.incrementAndGet();
        // A call is over when its context is: answered, given up by its caller, or late.
        context.addListener(bounded::cancelled, Runnable::run);
        return Contexts.interceptCall(context, bounded, headers, next);
    }

    /** How many calls are under way. */
    int underWay() {
        return underWay.get();
    }

    /** Waits until no call is under way, but no longer than so long; says whether there is none. */
    synchronized boolean awaitNone(Duration most) throws InterruptedException {
        long end = ticker.getAsLong() + most.toNanos();
        for (long left = most.toNanos(); underWay.get() > 0 && left > 0; left = end - ticker.getAsLong()) {
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
        return underWay.get() == 0;
    }

    private void over() {
        if (underWay.decrementAndGet() == 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private Context.CancellableContext contextOf(Context within, MethodDescriptor.MethodType type) {
        return type == MethodDescriptor.MethodType.UNARY
                ? within
                        .withDeadline(Deadline.after(RpcLimits.UNARY_DEADLINE.toMillis(), TimeUnit.MILLISECONDS), timer)
                : within.withCancellation();
    }

    /** Answers may come from any thread, and the deadline from another. */
    private final class EndedOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final Context.CancellableContext context;
        private final RequestId id;
        private final long began;
        private boolean ended;
        private boolean counted;

        EndedOnce(ServerCall<Q, A> call, Context.CancellableContext context, RequestId id, long began) {
            super(call);
            this.context = context;
            this.id = id;
            this.began = began;
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!ended) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!ended) {
                super.sendMessage(message);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            boolean first;
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                // Claimed before the caller is told: the end of its stream comes as a cancellation, and may be quicker.
                first = isFirst();
                if (!status.isOk()) {
                    trailers.put(RequestId.TRAILER, id.text());
                }
                super.close(status, trailers);
            }
            if (first) {
                count(status.getCode());
            }
            context.cancel(null);
            if (LOG.isDebugEnabled()) {
                LOG.debug("call {} {} from {}: {} in {} us", id, getMethodDescriptor().getFullMethodName(),
                        Peer.of(getAttributes()).text(), status.getCode(), (ticker.getAsLong() - began) / 1_000);
            }
        }

        private void count(Status.Code code) {
            meters.of(getMethodDescriptor().getFullMethodName())
                    .ended(code.value(), code.name(), ticker.getAsLong() - began);
        }

        private synchronized boolean isFirst() {
            boolean first = !counted;
            counted = true;
            return first;
        }

        /** By the deadline, by the caller, or by an end of the call that went before. */
        private void cancelled(Context cancelled) {
            over();
            if (cancelled.cancellationCause() instanceof TimeoutException) {
                close(Contexts.statusFromCancelled(cancelled), new Metadata());
            }
            if (isFirst()) {
                count(Status.Code.CANCELLED);
            }
        }
    }
}
