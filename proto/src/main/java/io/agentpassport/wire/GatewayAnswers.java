package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.AuthorizeToolCallResponse;
import io.agentpassport.proto.v1.AuthorizedToolCall;
import io.agentpassport.proto.v1.DecisionCount;
import io.agentpassport.proto.v1.DeniedToolCall;
import io.agentpassport.proto.v1.GetStatsResponse;
import io.agentpassport.proto.v1.GetToolCallResponse;
import io.agentpassport.proto.v1.ListToolsResponse;
import io.agentpassport.proto.v1.PreviewToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.proto.v1.SettleToolCallResponse;
import io.agentpassport.proto.v1.Tool;
import io.agentpassport.proto.v1.ToolCallOutcome;
import io.agentpassport.proto.v1.ToolCallState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers of gateway_service.proto as values, and their encoding. */
public final class GatewayAnswers {

    private GatewayAnswers() {}

    /** What comes of a call: allowed or not. */
    public sealed interface Outcome permits Allowed, Denied {}

    /** What became of a call that was allowed: the list of tool_call.proto. */
    public enum Run {
        /** The tool answered. */
        RESULT,
        /** The service stopped while the tool ran. */
        UNKNOWN_OUTCOME,
        /** The tool answered, but the answer is no longer kept. */
        ALREADY_DONE,
        /** No answer in time. */
        UPSTREAM_TIMEOUT,
        /** The upstream could not be reached. */
        UPSTREAM_UNREACHABLE,
        /** The tool answered more than may be passed on. */
        RESULT_TOO_LARGE,
        /** What the upstream answered is not of its protocol. */
        UPSTREAM_PROTOCOL,
        /** The policy keeps the answer back. */
        RESULT_WITHHELD,
        /** It was withdrawn before it ran. */
        NOT_RUN,
        /** The agent ran it itself, and settled it. */
        SETTLED_BY_CALLER,
        /** It was left to the agent to run, and never settled. */
        NEVER_SETTLED
    }

    /**
     * It was allowed, and has been run.
     *
     * @param result an MCP CallToolResult as JSON; empty unless the run is {@link Run#RESULT}
     * @param isError whether the tool says that it failed
     * @param cost what was charged; null when it has no price
     * @param overrun what it cost beyond that; null when all is paid
     * @param stored whether it ran before
     */
    public record Allowed(Run run, ByteString result, boolean isError, @Nullable Money cost,
            @Nullable Money overrun, boolean stored) implements Outcome {}

    /**
     * It was not allowed.
     *
     * @param retryAfter null when waiting does not help
     * @param approval what it waits for, or null
     */
    public record Denied(@Nullable Duration retryAfter, @Nullable PendingApproval approval) implements Outcome {}

    /**
     * An approval that is waited for.
     *
     * @param approvalId null when no more may wait; then the others are null as well
     */
    public record PendingApproval(@Nullable String approvalId, ApprovalRequests.@Nullable State state,
            @Nullable Instant expiresAt) {}

    /**
     * A call that its caller may run.
     *
     * @param reserved null when it has no price
     * @param timeout null when the policy does not say
     */
    public record Authorized(String reservationId, Instant expiresAt, @Nullable Money reserved,
            @Nullable Duration timeout) {}

    /** A tool that the caller may call; the short name is null when it is not unique. */
    public record CallableTool(String name, @Nullable String shortName, JsonObject definition,
            String definitionDigest) {}

    /** A call that was allowed: running, authorised or settled; what is null did not come about. */
    public record KnownCall(State state, Decision decision, @Nullable Allowed allowed,
            @Nullable Authorized authorized, @Nullable Receipt receipt) {}

    /** Where a call stands. */
    public enum State {
        /** The tool is running. */
        RUNNING,
        /** For the caller to run. */
        AUTHORIZED,
        /** It is over. */
        SETTLED
    }

    /** Answers ProcessToolCall; the receipt is null for what is written down once a second only. */
    public static ProcessToolCallResponse processed(Decision decision, Outcome outcome, @Nullable Receipt receipt) {
        var response = ProcessToolCallResponse.newBuilder()
                .setDecision(decision.encode())
                .setReceiptJson(bytes(receipt));
        if (outcome instanceof Allowed allowed) {
            response.setAllowed(encode(allowed));
        } else {
            response.setDenied(encode((Denied) outcome));
        }
        return response.build();
    }

    /** Answers one call of ProcessToolCalls. */
    public static ProcessToolCallsResponse numbered(long number, ProcessToolCallResponse response) {
        return ProcessToolCallsResponse.newBuilder().setCallNumber(number).setResponse(response).build();
    }

    /** Answers one call of ProcessToolCalls that ProcessToolCall would end with a status. */
    public static ProcessToolCallsResponse failed(long number, ServiceError error) {
        return ProcessToolCallsResponse.newBuilder()
                .setCallNumber(number)
                .setFailure(ToolCallFailures.encode(error))
                .build();
    }

    /** Answers PreviewToolCall; the price is null when there is none, and how it is denied when it is not. */
    public static PreviewToolCallResponse previewed(Decision decision, @Nullable Money price,
            @Nullable Denied denied, @Nullable Receipt receipt) {
        var response = PreviewToolCallResponse.newBuilder()
                .setWouldAllow(decision.code() == DecisionCode.ALLOWED)
                .setDecision(decision.encode())
                .setReceiptJson(bytes(receipt));
        if (denied != null) {
            response.setDenied(encode(denied));
        }
        return (price == null ? response : response.setPrice(BudgetAnswers.encode(price))).build();
    }

    /** Answers AuthorizeToolCall with a reservation. */
    public static AuthorizeToolCallResponse authorized(Decision decision, Authorized authorized,
            @Nullable Receipt receipt) {
        return AuthorizeToolCallResponse.newBuilder()
                .setDecision(decision.encode())
                .setAuthorized(encode(authorized))
                .setReceiptJson(bytes(receipt))
                .build();
    }

    /** Answers AuthorizeToolCall with a refusal. */
    public static AuthorizeToolCallResponse unauthorized(Decision decision, Denied denied,
            @Nullable Receipt receipt) {
        return AuthorizeToolCallResponse.newBuilder()
                .setDecision(decision.encode())
                .setDenied(encode(denied))
                .setReceiptJson(bytes(receipt))
                .build();
    }

    /** Answers SettleToolCall; what is null there is none of. */
    public static SettleToolCallResponse settled(@Nullable Money charged, @Nullable Money overrun,
            Decision.@Nullable BudgetLeft budget,
            @Nullable Receipt receipt) {
        var response = SettleToolCallResponse.newBuilder().setReceiptJson(bytes(receipt));
        if (charged != null) {
            response.setCharged(BudgetAnswers.encode(charged));
        }
        if (overrun != null) {
            response.setOverrun(BudgetAnswers.encode(overrun));
        }
        if (budget != null) {
            response.setBudget(Decision.encode(budget));
        }
        return response.build();
    }

    /** Answers GetToolCall. */
    public static GetToolCallResponse found(KnownCall call) {
        var response = GetToolCallResponse.newBuilder()
                .setState(encode(call.state()))
                .setDecision(call.decision().encode())
                .setReceiptJson(bytes(call.receipt()));
        Allowed allowed = call.allowed();
        if (allowed != null) {
            response.setAllowed(encode(allowed));
        }
        Authorized authorized = call.authorized();
        if (authorized != null) {
            response.setAuthorized(encode(authorized));
        }
        return response.build();
    }

    /** Answers ListTools. */
    public static ListToolsResponse listed(Page<CallableTool> page) {
        var response = ListToolsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items()
                .forEach(tool -> response.addTools(Tool.newBuilder()
                        .setName(tool.name())
                        .setShortName(text(tool.shortName()))
                        .setDefinitionJson(UnsafeByteOperations.unsafeWrap(Jcs.bytes(tool.definition())))
                        .setDefinitionDigest(tool.definitionDigest())));
        return response.build();
    }

    /** Answers GetStats. */
    public static GetStatsResponse stats(Instant since, Map<DecisionCode, Long> decisions, int inFlight,
            List<Decision.LimitLeft> limits) {
        var response = GetStatsResponse.newBuilder().setSince(WireTime.encode(since)).setInFlight(inFlight);
        for (DecisionCode code : DecisionCode.values()) {
            long count = decisions.getOrDefault(code, 0L);
            if (count > 0) {
                response.addDecisions(DecisionCount.newBuilder().setCode(code.encode()).setCount(count));
            }
        }
        limits.forEach(limit -> response.addLimits(Decision.encode(limit)));
        return response.build();
    }

    private static io.agentpassport.proto.v1.AllowedToolCall encode(Allowed allowed) {
        var message = io.agentpassport.proto.v1.AllowedToolCall.newBuilder()
                .setOutcome(encode(allowed.run()))
                .setResultJson(allowed.result())
                .setIsError(allowed.isError())
                .setStored(allowed.stored());
        Money overrun = allowed.overrun();
        if (overrun != null) {
            message.setOverrun(BudgetAnswers.encode(overrun));
        }
        Money cost = allowed.cost();
        return (cost == null ? message : message.setCost(BudgetAnswers.encode(cost))).build();
    }

    /** The outcome of a message, or null when it is none that this version knows. */
    public static @Nullable Run decode(ToolCallOutcome outcome) {
        for (Run known : Run.values()) {
            if (encode(known) == outcome) {
                return known;
            }
        }
        return null;
    }

    static ToolCallOutcome encode(Run run) {
        return ToolCallOutcome.valueOf("TOOL_CALL_OUTCOME_" + run.name());
    }

    private static DeniedToolCall encode(Denied denied) {
        var message = DeniedToolCall.newBuilder();
        Duration retryAfter = denied.retryAfter();
        if (retryAfter != null) {
            message.setRetryAfter(WireTime.encode(retryAfter));
        }
        PendingApproval approval = denied.approval();
        if (approval != null) {
            var pending = io.agentpassport.proto.v1.PendingApproval.newBuilder()
                    .setApprovalId(text(approval.approvalId()))
                    .setState(ApprovalAnswers.encode(approval.state()));
            Instant expiresAt = approval.expiresAt();
            message.setApproval(expiresAt == null ? pending : pending.setExpiresAt(WireTime.encode(expiresAt)));
        }
        return message.build();
    }

    private static AuthorizedToolCall encode(Authorized authorized) {
        var message = AuthorizedToolCall.newBuilder()
                .setReservationId(authorized.reservationId())
                .setExpiresAt(WireTime.encode(authorized.expiresAt()));
        Money reserved = authorized.reserved();
        if (reserved != null) {
            message.setReserved(BudgetAnswers.encode(reserved));
        }
        Duration timeout = authorized.timeout();
        if (timeout != null) {
            message.setTimeout(WireTime.encode(timeout));
        }
        return message.build();
    }

    private static ToolCallState encode(State state) {
        return switch (state) {
            case RUNNING -> ToolCallState.TOOL_CALL_STATE_RUNNING;
            case AUTHORIZED -> ToolCallState.TOOL_CALL_STATE_AUTHORIZED;
            case SETTLED -> ToolCallState.TOOL_CALL_STATE_SETTLED;
        };
    }

    private static ByteString bytes(@Nullable Receipt receipt) {
        return receipt == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(Jcs.bytes(receipt.json()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
