package io.agentpassport.wire;

import io.agentpassport.proto.v1.AcceptToolRequest;
import io.agentpassport.proto.v1.ListUpstreamToolsRequest;
import io.agentpassport.proto.v1.ListUpstreamsRequest;
import io.agentpassport.proto.v1.QuarantineToolRequest;
import org.jspecify.annotations.Nullable;

/** The requests of upstream_service.proto as values, and their decoding. */
public final class UpstreamRequests {

    private UpstreamRequests() {}

    /** Whether a tool can be called. */
    public enum ToolState {
        /** Its definition is accepted. */
        ACCEPTED,
        /** Its definition changed, or an operator took it out of use. */
        QUARANTINED,
        /** It was never accepted. */
        NEW,
        /** The upstream has it no more. */
        GONE
    }

    /** Asks for a list of tools: of one upstream or, with null, of all; in one state or, with null, in any. */
    public record ToolQuery(@Nullable String upstream, @Nullable ToolState state, PageRequest page) {}

    /** Asks to accept a definition, by its digest {@code sha256:HEX}. */
    public record Acceptance(RequestId requestId, String upstream, String name, String definitionDigest) {}

    /** Asks to take a tool out of use, and says why. */
    public record Quarantine(RequestId requestId, String upstream, String name, String reason) {}

    /** Decodes it. */
    public static Decoded<PageRequest> decode(ListUpstreamsRequest request) {
        return Decoded.of(() -> Fields.page(request.getPageSize(), request.getPageToken()));
    }

    /** Decodes it. */
    public static Decoded<ToolQuery> decode(ListUpstreamToolsRequest request) {
        return Decoded.of(() -> new ToolQuery(
                request.getUpstream().isEmpty() ? null : Fields.upstream("upstream", request.getUpstream()),
                switch (request.getState()) {
                    case UPSTREAM_TOOL_STATE_UNSPECIFIED -> null;
                    case UPSTREAM_TOOL_STATE_ACCEPTED -> ToolState.ACCEPTED;
                    case UPSTREAM_TOOL_STATE_QUARANTINED -> ToolState.QUARANTINED;
                    case UPSTREAM_TOOL_STATE_NEW -> ToolState.NEW;
                    case UPSTREAM_TOOL_STATE_GONE -> ToolState.GONE;
                    case UNRECOGNIZED -> throw Malformed.field("state", "is no state of a tool");
                },
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<Acceptance> decode(AcceptToolRequest request) {
        return Decoded.of(() -> new Acceptance(Fields.requestId(request.getRequestId()),
                Fields.upstream("upstream", request.getUpstream()), Fields.bareTool("name", request.getName()),
                Fields.sha256("definition_digest", request.getDefinitionDigest())));
    }

    /** Decodes it. */
    public static Decoded<Quarantine> decode(QuarantineToolRequest request) {
        return Decoded.of(() -> new Quarantine(Fields.requestId(request.getRequestId()),
                Fields.upstream("upstream", request.getUpstream()), Fields.bareTool("name", request.getName()),
                Fields.text("reason", request.getReason(), Limits.REASON_CHARS)));
    }
}
