package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.GatewayServiceGrpc;

import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts what is refused before it is known who asks, for the log; and of tool calls also how often, for the
 * statistics.
 */
final class Refusals {

    /** Where a handler finds the call that it handles, while nobody has proved whose it is. */
    private static final Context.Key<Unproven<?, ?>> CURRENT = Context.key("unproven");

    /** How refusals end; everything else is an answer, or a failure of ours. */
    private static final Set<Status.Code> REFUSED = Set.of(Status.Code.INVALID_ARGUMENT, Status.Code.UNAUTHENTICATED,
            Status.Code.PERMISSION_DENIED, Status.Code.RESOURCE_EXHAUSTED, Status.Code.FAILED_PRECONDITION);

    /** Every reason that is told: ours, and the codes of those that have none. */
    static final Set<String> REASONS = Stream.concat(Arrays.stream(ErrorReason.values()), REFUSED.stream())
            .map(Enum::name)
            .collect(Collectors.toUnmodifiableSet());

    private static final Map<ErrorReason, DecisionCode> CODES = Map.of(ErrorReason.MALFORMED, DecisionCode.MALFORMED,
            ErrorReason.INVALID_FIELD, DecisionCode.MALFORMED,
            ErrorReason.OVERLOADED, DecisionCode.OVERLOADED,
            ErrorReason.INVALID_SIGNATURE, DecisionCode.INVALID_SIGNATURE);

    private final BiConsumer<String, String> log;
    private final Map<DecisionCode, LongAdder> toolCalls = new EnumMap<>(DecisionCode.class);

    /** @param log is told from which peer something was refused, and why */
    Refusals(BiConsumer<String, String> log) {
        this.log = log;
        CODES.values().forEach(code -> toolCalls.put(code, new LongAdder()));
    }

    /** A tool call on the stream of that agent was refused before it was known to be the agent's. */
    void onStream(Caller stream, ServiceError error) {
        log.accept(stream.countedAs(), error.reason().name());
        countToolCall(error.reason());
    }

    /** How often tool calls were refused, by their codes, since the service started. */
    Map<DecisionCode, Long> toolCalls() {
        Map<DecisionCode, Long> counts = new EnumMap<>(DecisionCode.class);
        toolCalls.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }

    /** The same call, which is counted when it is refused before {@link Unproven#proven}. */
    <Q, A> Unproven<Q, A> watched(ServerCall<Q, A> call, String peer) {
        return new Unproven<>(call, peer);
    }

    /** What says, on any thread, that whoever makes the call that is handled here has proved who it is. */
    static Runnable proof() {
        Unproven<?, ?> call = CURRENT.get();
        return call == null ? () -> {} : call::proven;
    }

    private void refused(String peer, MethodDescriptor<?, ?> method, Status status, Metadata trailers) {
        if (!REFUSED.contains(status.getCode())) {
            return;
        }
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        ServiceError error = ErrorDetails.decode(details);
        log.accept(peer, error == null ? status.getCode().name() : error.reason().name());
        if (error != null && GatewayServiceGrpc.SERVICE_NAME.equals(method.getServiceName())) {
            countToolCall(error.reason());
        }
    }

    private void countToolCall(ErrorReason reason) {
        DecisionCode code = CODES.get(reason);
        LongAdder count = code == null ? null : toolCalls.get(code);
        if (count != null) {
            count.increment();
        }
    }

    /** A call of which nobody has proved whose it is, until somebody has. */
    final class Unproven<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final String peer;
        private volatile boolean proven;

        private Unproven(ServerCall<Q, A> call, String peer) {
            super(call);
            this.peer = peer;
        }

        /** From now on a refusal is one of somebody who is known. */
        void proven() {
            proven = true;
        }

        /** The context in which its handler finds it. */
        Context in(Context context) {
            return context.withValue(CURRENT, this);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!proven) {
                refused(peer, getMethodDescriptor(), status, trailers);
            }
            super.close(status, trailers);
        }
    }
}
