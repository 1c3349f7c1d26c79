package io.agentpassport.client;

import com.google.protobuf.MessageLite;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.ListSessionsResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/** A session that both sides hold, byte for byte alike; calls under it are signed, each anew. */
public final class AuthenticatedSession {

    private static final Metadata.Key<byte[]> PROOF = Metadata.Key.of("passport-proof-bin",
            Metadata.BINARY_BYTE_MARSHALLER);

    private final PassportClient client;
    private final AgentIdentity identity;
    private final Session session;
    private final byte[] record;
    private final String partition;
    private final String audience;

    AuthenticatedSession(PassportClient client, AgentIdentity identity, String audience, Session session,
            String partition) {
        this.client = client;
        this.audience = audience;
        this.identity = identity;
        this.session = session;
        this.record = session.canonicalBytes();
        this.partition = partition;
    }

    /** The record, derived here. */
    public Session session() {
        return session;
    }

    /** A copy of the record's canonical bytes, which the service holds too. */
    public byte[] record() {
        return record.clone();
    }

    /** {@code sha256:HEX}; public, and never a credential. */
    public String id() {
        return session.id().text();
    }

    /** The partition that keeps it at the service, 4 hex digits. */
    public String partition() {
        return partition;
    }

    /** Who holds it. */
    public AgentIdentity identity() {
        return identity;
    }

    /** How the service sees the session now. */
    public SessionRecord get() {
        GetSessionRequest request = GetSessionRequest.newBuilder()
                .setSessionId(id())
                .setPartition(partition)
                .build();
        return SessionRecord.of(signed(MutualAuthServiceGrpc.getGetSessionMethod(), request).getSession());
    }

    /**
     * A page of the sessions of this identity, newest first.
     *
     * @param pageToken of the page before; null begins
     */
    public Page<SessionRecord> list(@Nullable String pageToken) {
        ListSessionsRequest request = ListSessionsRequest.newBuilder()
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListSessionsResponse page = signed(MutualAuthServiceGrpc.getListSessionsMethod(), request);
        return new Page<>(page.getSessionsList().stream().map(SessionRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * Ends the session: the last call in it.
     *
     * @param reason for people who read the log, at most 256 characters; may be empty
     * @throws PassportException with SESSION_OVER when it is over already, also when it was this call whose answer was
     *     lost and that was repeated
     */
    public SessionRecord end(String reason) {
        EndSessionRequest request = EndSessionRequest.newBuilder()
                .setRequestId("end-" + session.id().text().substring("sha256:".length(), "sha256:".length() + 32))
                .setSessionId(id())
                .setPartition(partition)
                .setReason(reason)
                .build();
        return SessionRecord.of(signed(MutualAuthServiceGrpc.getEndSessionMethod(), request).getSession());
    }

    private <Q extends MessageLite, A> A signed(MethodDescriptor<Q, A> method, Q request) {
        return client.calls()
                .call(method, request, Calls.Repeat.SAFE, () -> proof(method.getFullMethodName(), request));
    }

    private Metadata proof(String method, MessageLite request) {
        RpcProof proof = RpcProof.forBody(id(), audience, method, request.toByteArray(),
                client.random().nonce(), client.nowMillis());
        SignedStatement signed = SignedStatement.sign(proof.statement(), identity.key().signer());
        var metadata = new Metadata();
        metadata.put(PROOF, Certificates.wire(signed).toByteArray());
        return metadata;
    }

    /** Names the session only. */
    @Override
    public String toString() {
        return "AuthenticatedSession[" + id() + "]";
    }
}
