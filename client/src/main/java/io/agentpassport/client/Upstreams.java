package io.agentpassport.client;

import io.agentpassport.proto.v1.AcceptToolRequest;
import io.agentpassport.proto.v1.ListUpstreamToolsRequest;
import io.agentpassport.proto.v1.ListUpstreamToolsResponse;
import io.agentpassport.proto.v1.ListUpstreamsRequest;
import io.agentpassport.proto.v1.ListUpstreamsResponse;
import io.agentpassport.proto.v1.QuarantineToolRequest;
import io.agentpassport.proto.v1.UpstreamServiceGrpc;
import org.jspecify.annotations.Nullable;

/** As an admin (mTLS): where allowed calls go, and which definitions of tools are accepted. */
public final class Upstreams {

    private final PassportClient client;

    Upstreams(PassportClient client) {
        this.client = client;
    }

    /**
     * A page of upstreams, by name.
     *
     * @param pageToken of the page before; null begins
     */
    public Page<UpstreamRecord> list(@Nullable String pageToken) {
        ListUpstreamsRequest request = ListUpstreamsRequest.newBuilder()
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListUpstreamsResponse page = client.calls()
                .call(UpstreamServiceGrpc.getListUpstreamsMethod(), request, Calls.Repeat.SAFE);
        return new Page<>(page.getUpstreamsList().stream().map(UpstreamRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * A page of tools, by upstream and name.
     *
     * @param upstream only of this one; null for all
     * @param pageToken of the page before; null begins
     */
    public Page<UpstreamToolRecord> tools(@Nullable String upstream, @Nullable String pageToken) {
        ListUpstreamToolsRequest request = ListUpstreamToolsRequest.newBuilder()
                .setUpstream(upstream == null ? "" : upstream)
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListUpstreamToolsResponse page = client.calls()
                .call(UpstreamServiceGrpc.getListUpstreamToolsMethod(), request, Calls.Repeat.SAFE);
        return new Page<>(page.getToolsList().stream().map(UpstreamToolRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * As an operator: accepts the definition that a tool has now.
     *
     * @param digest of that definition, as it was shown; any other is refused
     */
    public UpstreamToolRecord accept(String upstream, String name, String digest) {
        AcceptToolRequest request = AcceptToolRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setUpstream(upstream)
                .setName(name)
                .setDefinitionDigest(digest)
                .build();
        return UpstreamToolRecord.of(client.calls()
                .call(UpstreamServiceGrpc.getAcceptToolMethod(), request, Calls.Repeat.SAFE)
                .getTool());
    }

    /**
     * As an operator: takes a tool out of use until it is accepted again.
     *
     * @param reason for people who read the log, 1 to 256 characters
     */
    public UpstreamToolRecord quarantine(String upstream, String name, String reason) {
        QuarantineToolRequest request = QuarantineToolRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setUpstream(upstream)
                .setName(name)
                .setReason(reason)
                .build();
        return UpstreamToolRecord.of(client.calls()
                .call(UpstreamServiceGrpc.getQuarantineToolMethod(), request, Calls.Repeat.SAFE)
                .getTool());
    }
}
