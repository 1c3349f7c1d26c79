package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.AcceptToolResponse;
import io.agentpassport.proto.v1.ListUpstreamToolsResponse;
import io.agentpassport.proto.v1.ListUpstreamsResponse;
import io.agentpassport.proto.v1.QuarantineToolResponse;
import io.agentpassport.proto.v1.UpstreamKind;
import io.agentpassport.proto.v1.UpstreamState;
import io.agentpassport.proto.v1.UpstreamToolState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answers of upstream_service.proto as values, and their encoding. */
public final class UpstreamAnswers {

    private UpstreamAnswers() {}

    /** How an upstream is reached. */
    public enum Kind {
        /** Within the service. */
        BUILT_IN,
        /** MCP over Streamable HTTP. */
        MCP_HTTP,
        /** MCP with a process of the service's. */
        MCP_STDIO
    }

    /** Whether an upstream answers. */
    public enum State {
        /** It answered. */
        CONNECTED,
        /** It is being connected to. */
        CONNECTING,
        /** It cannot be reached. */
        UNREACHABLE
    }

    /**
     * Where allowed calls can go.
     *
     * @param target without credentials; empty when it is built in
     * @param lastError may be empty
     * @param refreshedAt null when its tools were never asked for
     */
    public record Upstream(String name, Kind kind, String target, State state, String lastError, int toolCount,
            @Nullable Instant refreshedAt) {}

    /** A definition of a tool, and its digest {@code sha256:HEX}. */
    public record Definition(JsonObject json, String digest) {}

    /**
     * A tool of an upstream.
     *
     * @param accepted null when none was
     * @param offered what the upstream has now, when it is not the accepted one; or null
     * @param difference in words; may be empty
     * @param changedBy the name of an admin; null when nobody did
     */
    public record Tool(String upstream, String name, UpstreamRequests.ToolState state, @Nullable Definition accepted,
            @Nullable Definition offered, String difference, Instant changedAt, @Nullable String changedBy) {}

    /** Answers ListUpstreams. */
    public static ListUpstreamsResponse listed(Page<Upstream> page) {
        var response = ListUpstreamsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(upstream -> response.addUpstreams(encode(upstream)));
        return response.build();
    }

    /** Answers ListUpstreamTools. */
    public static ListUpstreamToolsResponse toolsListed(Page<Tool> page) {
        var response = ListUpstreamToolsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(tool -> response.addTools(encode(tool)));
        return response.build();
    }

    /** Answers AcceptTool. */
    public static AcceptToolResponse accepted(Tool tool) {
        return AcceptToolResponse.newBuilder().setTool(encode(tool)).build();
    }

    /** Answers QuarantineTool. */
    public static QuarantineToolResponse quarantined(Tool tool) {
        return QuarantineToolResponse.newBuilder().setTool(encode(tool)).build();
    }

    static io.agentpassport.proto.v1.Upstream encode(Upstream upstream) {
        var message = io.agentpassport.proto.v1.Upstream.newBuilder()
                .setName(upstream.name())
                .setKind(encode(upstream.kind()))
                .setTarget(upstream.target())
                .setState(encode(upstream.state()))
                .setLastError(upstream.lastError())
                .setToolCount(upstream.toolCount());
        Instant refreshedAt = upstream.refreshedAt();
        return (refreshedAt == null ? message : message.setRefreshedAt(WireTime.encode(refreshedAt))).build();
    }

    private static io.agentpassport.proto.v1.UpstreamTool encode(Tool tool) {
        var message = io.agentpassport.proto.v1.UpstreamTool.newBuilder()
                .setUpstream(tool.upstream())
                .setName(tool.name())
                .setState(encode(tool.state()))
                .setDifference(tool.difference())
                .setChangedAt(WireTime.encode(tool.changedAt()));
        Definition accepted = tool.accepted();
        if (accepted != null) {
            message.setAcceptedJson(bytes(accepted)).setAcceptedDigest(accepted.digest());
        }
        Definition offered = tool.offered();
        if (offered != null) {
            message.setOfferedJson(bytes(offered)).setOfferedDigest(offered.digest());
        }
        String changedBy = tool.changedBy();
        return (changedBy == null ? message : message.setChangedBy(changedBy)).build();
    }

    static UpstreamKind encode(Kind kind) {
        return UpstreamKind.valueOf("UPSTREAM_KIND_" + kind.name());
    }

    static UpstreamState encode(State state) {
        return UpstreamState.valueOf("UPSTREAM_STATE_" + state.name());
    }

    static UpstreamToolState encode(UpstreamRequests.ToolState state) {
        return UpstreamToolState.valueOf("UPSTREAM_TOOL_STATE_" + state.name());
    }

    private static ByteString bytes(Definition definition) {
        return ByteString.copyFrom(Jcs.bytes(definition.json()));
    }
}
