package io.agentpassport.client;

import com.google.protobuf.MessageLite;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.ListSessionsResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.wire.SignedStatements;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.MetadataUtils;
import org.jspecify.annotations.Nullable;

/**
 * Calls in a session, each signed anew by the agent's key.
 *
 * @param key that of the session's agent certificate
 * @param audience the binding of the service
 * @param partition the partition that keeps the session, 4 hex digits
 */
record SessionCalls(PassportClient client, AgentKey key, String audience, SessionId id, String partition)
        implements
            Asking {

    SessionRecord get() {
        GetSessionRequest request = GetSessionRequest.newBuilder()
                .setSessionId(id.text())
                .setPartition(partition)
                .build();
        return SessionRecord.of(signed(MutualAuthServiceGrpc.getGetSessionMethod(), request).getSession());
    }

    Page<SessionRecord> list(@Nullable String pageToken) {
        ListSessionsRequest request = ListSessionsRequest.newBuilder()
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListSessionsResponse page = signed(MutualAuthServiceGrpc.getListSessionsMethod(), request);
        return new Page<>(page.getSessionsList().stream().map(SessionRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    SessionRecord end(String reason) {
        EndSessionRequest request = EndSessionRequest.newBuilder()
                .setRequestId("end-" + id.text().substring("sha256:".length(), "sha256:".length() + 32))
                .setSessionId(id.text())
                .setPartition(partition)
                .setReason(reason)
                .build();
        return SessionRecord.of(signed(MutualAuthServiceGrpc.getEndSessionMethod(), request).getSession());
    }

    <Q extends MessageLite, A> A signed(MethodDescriptor<Q, A> method, Q request) {
        return client.calls()
                .call(method, request, Calls.Repeat.SAFE,
                        () -> proof(method.getFullMethodName(), request.toByteArray()));
    }

    @Override
    public <Q extends MessageLite, A> A ask(MethodDescriptor<Q, A> method, Q request) {
        return signed(method, request);
    }

    @Override
    public Channel opening(MethodDescriptor<?, ?> method) {
        return ClientInterceptors.intercept(client.calls().channel(),
                MetadataUtils.newAttachHeadersInterceptor(proofOfStream(method.getFullMethodName())));
    }

    /** The proof that opens a stream, which has no body. */
    Metadata proofOfStream(String method) {
        return proof(method, new byte[0]);
    }

    private Metadata proof(String method, byte[] body) {
        RpcProof proof = RpcProof.forBody(id.text(), audience, method, body, client.random().nonce(),
                client.nowMillis());
        SignedStatement signed = SignedStatement.sign(proof.statement(), key.signer());
        var metadata = new Metadata();
        metadata.put(SignedStatements.RPC_PROOF, SignedStatements.encodeRpcProof(signed));
        return metadata;
    }
}
