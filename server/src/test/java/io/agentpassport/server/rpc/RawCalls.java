package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.SignedStatements;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls with a request of any bytes and any proof, to see what the service makes of them. */
record RawCalls(Channel channel) {

    private static final List<Status.Code> OF_GRPC = List.of(Status.Code.UNAVAILABLE, Status.Code.UNIMPLEMENTED,
            Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED, Status.Code.RESOURCE_EXHAUSTED);

    /**
     * What came of a call.
     *
     * @param code
     *            OK when it was answered
     * @param error
     *            ours, null when the status was OK or carries none
     */
    record Outcome(Status.Code code, @Nullable ServiceError error) {

        /** The reason of our error, or the code. */
        String word() {
            return error == null ? code.name() : error.reason().name();
        }
    }

    Outcome call(MethodDescriptor<?, ?> method, byte[] request) {
        return call(method, request, (byte[]) null);
    }

    /** Makes the call, of a stream until the first answer. */
    Outcome call(MethodDescriptor<?, ?> method, byte[] request, byte @Nullable [] proof) {
        MethodDescriptor<byte[], byte[]> raw = method.toBuilder(new Bytes(), new Bytes()).build();
        Channel used = channel;
        if (proof != null) {
            var headers = new Metadata();
            headers.put(SignedStatements.RPC_PROOF, proof);
            used = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        try {
            Iterator<byte[]> answers = ClientCalls.blockingServerStreamingCall(used, raw, CallOptions.DEFAULT, request);
            answers.next();
            return new Outcome(Status.Code.OK, null);
        } catch (StatusRuntimeException e) {
            return new Outcome(e.getStatus().getCode(), conforming(method, e));
        }
    }

    /** Our error, which every status has that is not of gRPC itself: one ErrorInfo, as the contract documents it. */
    private static @Nullable ServiceError conforming(MethodDescriptor<?, ?> method, StatusRuntimeException e) {
        com.google.rpc.Status details = StatusProto.fromThrowable(e);
        if (details == null || details.getDetailsCount() == 0) {
            assertThat(e.getStatus().getCode()).as("%s: %s has no details", method.getFullMethodName(), e.getStatus())
                    .isIn(OF_GRPC);
            return null;
        }
        assertThat(details.getDetailsList().stream().filter(detail -> detail.is(ErrorInfo.class))).hasSize(1);
        ServiceError error = ErrorDetails.decode(details);
        assertThat(error).as("%s: %s", method.getFullMethodName(), details).isNotNull();
        return error;
    }

    /** A proof that a session's agent makes this call. */
    static byte[] proof(AuthenticatedSession session, MethodDescriptor<?, ?> method, byte[] body) {
        return proof(session, method.getFullMethodName(), body, Instant.now());
    }

    static byte[] proof(AuthenticatedSession session, String method, byte[] body, Instant issuedAt) {
        RpcProof proof = RpcProof.forBody(session.id(), session.identity().audience(), method, body,
                TestServer.NONCES.nonce(), (double) issuedAt.toEpochMilli());
        return SignedStatements
                .encodeRpcProof(SignedStatement.sign(proof.statement(), session.identity().key().signer()));
    }
}
