package io.agentpassport.client;

import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.ListSessionsResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.SessionState;
import org.jspecify.annotations.Nullable;

/** The sessions of one service, as an admin (mTLS). An agent sees its own through {@link AuthenticatedSession}. */
public final class Sessions {

    private final PassportClient client;

    Sessions(PassportClient client) {
        this.client = client;
    }

    /** One session, whatever its state. */
    public SessionRecord get(String sessionId, String partition) {
        GetSessionRequest request = GetSessionRequest.newBuilder()
                .setSessionId(sessionId)
                .setPartition(partition)
                .build();
        return SessionRecord.of(client.calls()
                .call(MutualAuthServiceGrpc.getGetSessionMethod(), request, Calls.Repeat.SAFE)
                .getSession());
    }

    /**
     * A page of sessions, newest first within a partition.
     *
     * @param binding only those of agents with this binding; null for all
     * @param pageToken of the page before; null begins
     */
    public Page<SessionRecord> list(@Nullable String binding, @Nullable String pageToken) {
        return list(binding, null, 0, pageToken);
    }

    /**
     * A page of sessions, newest first within a partition.
     *
     * @param binding only those of agents with this binding; null for all
     * @param state only those in this state, a word of {@link SessionRecord#state}; null for all
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, which had the same filters; null begins
     * @throws PassportException when there is no such state, or the service refuses
     */
    public Page<SessionRecord> list(@Nullable String binding, @Nullable String state, int pageSize,
            @Nullable String pageToken) {
        ListSessionsRequest request = ListSessionsRequest.newBuilder()
                .setBinding(binding == null ? "" : binding)
                .setState(WireValues.ofWord(SessionState.class, "SESSION_STATE_", state))
                .setPageSize(pageSize)
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListSessionsResponse page = client.calls()
                .call(MutualAuthServiceGrpc.getListSessionsMethod(), request, Calls.Repeat.SAFE);
        return new Page<>(page.getSessionsList().stream().map(SessionRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * Ends a session; one that is over already stays as it is.
     *
     * @param reason for people who read the log, at most 256 characters; may be empty
     */
    public SessionRecord end(String sessionId, String partition, String reason) {
        EndSessionRequest request = EndSessionRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setSessionId(sessionId)
                .setPartition(partition)
                .setReason(reason)
                .build();
        return SessionRecord.of(client.calls()
                .call(MutualAuthServiceGrpc.getEndSessionMethod(), request, Calls.Repeat.SAFE)
                .getSession());
    }
}
