package io.agentpassport.server.rpc;

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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every call ends, once, and is logged at debug, without what it carried: a unary call is over after
 * {@link RpcLimits#UNARY_DEADLINE} also when its request never comes.
 */
final class BoundedCalls implements ServerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger("io.agentpassport.calls");

    private final ScheduledExecutorService timer;
    private final LongSupplier ticker;
    private final AtomicLong count = new AtomicLong();

    BoundedCalls(ScheduledExecutorService timer, LongSupplier ticker) {
        this.timer = timer;
        this.ticker = ticker;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        long id = count.incrementAndGet();
        long began = LOG.isDebugEnabled() ? ticker.getAsLong() : 0;
        Context.CancellableContext context = contextOf(call.getMethodDescriptor().getType());
        var bounded = new EndedOnce<>(call, context, id, began);
        context.addListener(bounded::late, Runnable::run);
        return Contexts.interceptCall(context, bounded, headers, next);
    }

    private Context.CancellableContext contextOf(MethodDescriptor.MethodType type) {
        return type == MethodDescriptor.MethodType.UNARY
                ? Context.current()
                        .withDeadline(Deadline.after(RpcLimits.UNARY_DEADLINE.toMillis(), TimeUnit.MILLISECONDS), timer)
                : Context.current().withCancellation();
    }

    /** Answers may come from any thread, and the deadline from another. */
    private final class EndedOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final Context.CancellableContext context;
        private final long id;
        private final long began;
        private boolean ended;

        EndedOnce(ServerCall<Q, A> call, Context.CancellableContext context, long id, long began) {
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
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                super.close(status, trailers);
            }
            context.cancel(null);
            if (LOG.isDebugEnabled()) {
                LOG.debug("call {} {} from {}: {} in {} us", id, getMethodDescriptor().getFullMethodName(),
                        Peer.of(getAttributes()).text(), status.getCode(), (ticker.getAsLong() - began) / 1_000);
            }
        }

        /** The context was cancelled: by the deadline, or by an end of the call that went before. */
        private void late(Context cancelled) {
            if (cancelled.cancellationCause() instanceof TimeoutException) {
                close(Contexts.statusFromCancelled(cancelled), new Metadata());
            }
        }
    }
}
