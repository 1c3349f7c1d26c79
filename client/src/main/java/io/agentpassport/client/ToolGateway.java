package io.agentpassport.client;

import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.proto.v1.AuthorizeToolCallRequest;
import io.agentpassport.proto.v1.AuthorizeToolCallResponse;
import io.agentpassport.proto.v1.AuthorizedToolCall;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.ListToolsRequest;
import io.agentpassport.proto.v1.ListToolsResponse;
import io.agentpassport.proto.v1.PreviewToolCallRequest;
import io.agentpassport.proto.v1.PreviewToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.SettleToolCallRequest;
import io.agentpassport.proto.v1.SettleToolCallResponse;
import io.agentpassport.proto.v1.SettlementOutcome;
import io.agentpassport.wire.BudgetAnswers;
import io.agentpassport.wire.Decision;
import io.agentpassport.wire.DecisionCode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tool calls of a session's agent, each signed by its key. What is safe is tried again, always as the same signed bytes,
 * which the gateway runs once at most.
 *
 * <pre>{@code
 * ToolCallAnswer answer = session.tools().call(ToolRequest.of("shop/list", params));
 * if (answer instanceof ToolCallAnswer.Completed done) {
 *     use(done.result());
 * } else if (answer instanceof ToolDenial.ApprovalRequired waits) {
 *     tell(waits.approvalId());
 * } else {
 *     explain(answer.decision().message());
 * }
 * }</pre>
 */
public final class ToolGateway {

    private final SessionCalls calls;
    private final AgentIdentity identity;
    private final ToolAnswers answers;

    ToolGateway(SessionCalls calls, AgentIdentity identity, ToolAnswers answers) {
        this.calls = calls;
        this.identity = identity;
        this.answers = answers;
    }

    /** The same, which believes no answer without a receipt that this key's log verifies. */
    public ToolGateway verifyingBy(LogKey logKey) {
        return new ToolGateway(calls, identity, new ToolAnswers(logKey));
    }

    /**
     * Signs a request. It can be sent within 60 s, and again for as long as an approval of it lives.
     *
     * @throws PassportException as LOCAL when the gateway would find it malformed
     */
    public SignedToolRequest sign(ToolRequest request) {
        String requestId = request.requestId() == null ? calls.client().newRequestId() : request.requestId();
        var unsigned = new UnsignedToolCall(requestId, identity.binding(), calls.id(), calls.audience(),
                request.grantId(), request.tool(), request.params(), request.scope(), request.spend(),
                request.budgetSessionId(), calls.client().clock().millis(), calls.client().random().nonce());
        ToolCall.Parsing parsing = ToolCall.fromStatement(unsigned.statement());
        if (parsing instanceof ToolCall.Malformed malformed) {
            throw PassportException.local("this cannot be asked of a gateway: " + malformed);
        }
        return new SignedToolRequest(((ToolCall.Parsed) parsing).call(), unsigned.sign(calls.key().signer()));
    }

    /** Signs and sends a request. */
    public ToolCallAnswer call(ToolRequest request) {
        return send(sign(request));
    }

    /**
     * Sends a signed request.
     *
     * @throws PassportException as REFUSED with MALFORMED or INVALID_SIGNATURE, or with REPLAY when it is still running
     *     after the last try; as UNAVAILABLE or TIMED_OUT when what became of it is not known: send the same again then
     */
    public ToolCallAnswer send(SignedToolRequest request) {
        ProcessToolCallRequest message = ProcessToolCallRequest.newBuilder().setCall(request.message()).build();
        return answers.of(calls.client()
                .calls()
                .call(GatewayServiceGrpc.getProcessToolCallMethod(), message, Calls.Repeat.SAFE),
                request.digest());
    }

    /**
     * What a gateway would decide.
     *
     * @param price what would be held; null when there is none
     * @param denial why it would not be allowed, and when it may be; null when it would
     */
    public record Preview(boolean wouldAllow, Decision decision, @Nullable Money price, @Nullable ToolDenial denial,
            @Nullable Receipt receipt) {}

    /** Asks what would be decided, without effect. The same signed request can be sent afterwards. */
    public Preview preview(SignedToolRequest request) {
        PreviewToolCallResponse response = calls.client()
                .calls()
                .call(GatewayServiceGrpc.getPreviewToolCallMethod(),
                        PreviewToolCallRequest.newBuilder().setCall(request.message()).build(), Calls.Repeat.SAFE);
        Decision decision = ToolAnswers.decision(response.getDecision());
        Receipt receipt = answers.receipt(response.getReceiptJson(), decision, request.digest(),
                ToolAnswers.Proven.PREVIEWED);
        return new Preview(response.getWouldAllow(), decision,
                response.hasPrice() ? ToolAnswers.money(response.getPrice()) : null,
                response.getWouldAllow() ? null : ToolAnswers.denied(decision, response.getDenied(), receipt),
                receipt);
    }

    /** What is answered to a call that the agent means to run itself: {@link Authorized} or {@link NotAuthorized}. */
    public sealed interface Authorization permits Authorized, NotAuthorized {}

    /**
     * Run it, and settle it.
     *
     * @param reservationId {@code rsv_} and 24 hex digits
     * @param expiresAt the last instant to settle it
     * @param reserved what is held for it; null when it has no price
     * @param timeout for how long it may run; null when the policy does not say
     */
    public record Authorized(Decision decision, String reservationId, Instant expiresAt, @Nullable Money reserved,
            @Nullable Duration timeout, @Nullable Receipt receipt) implements Authorization {}

    /** It may not be run. */
    public record NotAuthorized(ToolDenial denial) implements Authorization {}

    /** Asks to be allowed a call that the agent runs itself. */
    public Authorization authorize(SignedToolRequest request) {
        AuthorizeToolCallResponse response = calls.client()
                .calls()
                .call(GatewayServiceGrpc.getAuthorizeToolCallMethod(),
                        AuthorizeToolCallRequest.newBuilder().setCall(request.message()).build(), Calls.Repeat.SAFE);
        Decision decision = ToolAnswers.decision(response.getDecision());
        Receipt receipt = answers.receipt(response.getReceiptJson(), decision, request.digest(),
                ToolAnswers.Proven.DECIDED);
        if (!response.hasAuthorized()) {
            return new NotAuthorized(ToolAnswers.denied(decision, response.getDenied(), receipt));
        }
        if (decision.code() != DecisionCode.ALLOWED) {
            throw PassportException.protocolViolation("the service authorised a call as " + decision.code());
        }
        AuthorizedToolCall authorized = response.getAuthorized();
        return new Authorized(decision, authorized.getReservationId(),
                WireValues.instant(authorized.getExpiresAt()),
                authorized.hasReserved() ? ToolAnswers.money(authorized.getReserved()) : null,
                authorized.hasTimeout() ? WireValues.duration(authorized.getTimeout()) : null, receipt);
    }

    /**
     * Settles a call that the agent ran itself.
     *
     * @param succeeded whether the tool did its work
     * @param cost what it cost; null for what is held, which is also the most that is charged
     */
    public Settlement settle(Authorized authorized, boolean succeeded, @Nullable Money cost) {
        SettleToolCallRequest.Builder request = SettleToolCallRequest.newBuilder()
                .setRequestId("settle-" + authorized.reservationId())
                .setReservationId(authorized.reservationId())
                .setOutcome(succeeded
                        ? SettlementOutcome.SETTLEMENT_OUTCOME_SUCCEEDED
                        : SettlementOutcome.SETTLEMENT_OUTCOME_FAILED);
        if (cost != null) {
            request.setCost(BudgetAnswers.encode(cost));
        }
        SettleToolCallResponse response = calls.signed(GatewayServiceGrpc.getSettleToolCallMethod(), request.build());
        return new Settlement(response.hasCharged() ? ToolAnswers.money(response.getCharged()) : null,
                response.hasOverrun() ? ToolAnswers.money(response.getOverrun()) : null);
    }

    /**
     * How a call was settled.
     *
     * @param charged what the budget paid; null when it has no price
     * @param overrun what it cost beyond that; null when all is paid
     */
    public record Settlement(@Nullable Money charged, @Nullable Money overrun) {}

    /**
     * A page of the tools that the agent may call.
     *
     * @param grantId only those of this grant; null for those of any
     * @param pageToken of the page before; null begins
     */
    public Page<CallableTool> list(@Nullable String grantId, @Nullable String pageToken) {
        ListToolsResponse page = calls.signed(GatewayServiceGrpc.getListToolsMethod(), ListToolsRequest.newBuilder()
                .setGrantId(grantId == null ? "" : grantId)
                .setPageToken(pageToken == null ? "" : pageToken)
                .build());
        return new Page<>(page.getToolsList().stream().map(CallableTool::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /** Opens a stream of calls, for throughput. Close it when done. */
    public ToolCallStream open() {
        return ToolCallStream.open(this, calls, answers);
    }

    /** Names the session only. */
    @Override
    public String toString() {
        return "ToolGateway[" + calls.id() + "]";
    }

}
