package io.agentpassport.wire;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.AuthorizeToolCallRequest;
import io.agentpassport.proto.v1.GetToolCallRequest;
import io.agentpassport.proto.v1.ListToolsRequest;
import io.agentpassport.proto.v1.PreviewToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.SettleToolCallRequest;
import org.jspecify.annotations.Nullable;

/** The requests of gateway_service.proto as values, and their decoding. */
public final class GatewayRequests {

    private GatewayRequests() {}

    /** One call of a stream, by the number that its caller gave it. */
    public record Numbered(long number, Decoded<SignedToolCall> call) {}

    /** What an agent says became of a call that it ran itself. */
    public enum Outcome {
        /** The tool did its work. */
        SUCCEEDED,
        /** The tool failed. */
        FAILED,
        /** The tool was not run. */
        NOT_RUN
    }

    /**
     * Asks to settle a call that was authorised.
     *
     * @param reservationId {@code rsv_} and 24 hex digits
     * @param cost null for what is held
     * @param resultDigest {@code sha256:HEX}; null for none
     */
    public record Settlement(RequestId requestId, String reservationId, Outcome outcome, @Nullable Money cost,
            @Nullable String resultDigest) {}

    /** Names a call; the agent is null for the caller itself. */
    public record CallName(RequestId requestId, @Nullable Identity agent) {}

    /** Asks for a list of tools: of one grant, or, with null, of any of the caller's. */
    public record ToolQuery(@Nullable String grantId, PageRequest page) {}

    /** Decodes it; whatever is wrong with it is {@link ErrorReason#MALFORMED}. */
    public static Decoded<SignedToolCall> decode(ProcessToolCallRequest request) {
        return Decoded.of(() -> Documents.toolCall(request.getCall()));
    }

    /** Decodes it; whatever is wrong with it is {@link ErrorReason#MALFORMED}. */
    public static Decoded<SignedToolCall> decode(PreviewToolCallRequest request) {
        return Decoded.of(() -> Documents.toolCall(request.getCall()));
    }

    /** Decodes it; whatever is wrong with it is {@link ErrorReason#MALFORMED}. */
    public static Decoded<SignedToolCall> decode(AuthorizeToolCallRequest request) {
        return Decoded.of(() -> Documents.toolCall(request.getCall()));
    }

    /** Decodes one call of a stream, of which only the call itself can be wrong. */
    public static Numbered decode(ProcessToolCallsRequest request) {
        return new Numbered(request.getCallNumber(), Decoded.of(() -> {
            if (request.getCallNumber() == 0) {
                throw Malformed.field("call_number", "must not be 0");
            }
            return Documents.toolCall(request.getCall());
        }));
    }

    /** Decodes it. */
    public static Decoded<Settlement> decode(SettleToolCallRequest request) {
        return Decoded.of(() -> new Settlement(Fields.requestId(request.getRequestId()),
                Fields.placedId("reservation_id", Fields.RESERVATION, request.getReservationId()),
                switch (request.getOutcome()) {
                    case SETTLEMENT_OUTCOME_SUCCEEDED -> Outcome.SUCCEEDED;
                    case SETTLEMENT_OUTCOME_FAILED -> Outcome.FAILED;
                    case SETTLEMENT_OUTCOME_NOT_RUN -> Outcome.NOT_RUN;
                    case SETTLEMENT_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
                        throw Malformed.field("outcome", "is required");
                },
                request.hasCost() ? Fields.money("cost", request.getCost()) : null,
                request.getResultDigest().isEmpty() ? null
                        : Fields.sha256("result_digest", request.getResultDigest())));
    }

    /** Decodes it. */
    public static Decoded<CallName> decode(GetToolCallRequest request) {
        return Decoded.of(() -> new CallName(Fields.requestId(request.getRequestId()),
                request.hasAgent() ? Fields.identity("agent", request.getAgent()) : null));
    }

    /** Decodes it. */
    public static Decoded<ToolQuery> decode(ListToolsRequest request) {
        return Decoded.of(() -> new ToolQuery(
                Fields.optionalPlacedId("grant_id", Fields.GRANT, request.getGrantId()),
                Fields.page(request.getPageSize(), request.getPageToken())));
    }
}
