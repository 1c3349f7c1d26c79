package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.MessageLite;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.SignedStatements;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls by messages of the contract.
 *
 * @param session
 *            whose agent signs them; null when the channel says who calls
 */
record TypedCalls(Channel channel, @Nullable AuthenticatedSession session) {

    /** The answer of a call that succeeds. */
    <Q extends MessageLite, A> A ok(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingUnaryCall(proving(method, request.toByteArray()), method, CallOptions.DEFAULT,
                request);
    }

    /** The answers of a watch, as they come. */
    <Q extends MessageLite, A> Iterator<A> watch(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingServerStreamingCall(proving(method, new byte[0]), method, CallOptions.DEFAULT,
                request);
    }

    /** The error of a call that fails. */
    <Q extends MessageLite> ServiceError refused(MethodDescriptor<Q, ?> method, Q request) {
        StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, () -> ok(method, request));
        assertThat(thrown).as(method.getFullMethodName()).isNotNull();
        com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(thrown));
        return Objects.requireNonNull(ErrorDetails.decode(status), thrown.toString());
    }

    private Channel proving(MethodDescriptor<?, ?> method, byte[] body) {
        AuthenticatedSession agent = session;
        if (agent == null) {
            return channel;
        }
        var headers = new Metadata();
        headers.put(SignedStatements.RPC_PROOF, RawCalls.proof(agent, method, body));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
