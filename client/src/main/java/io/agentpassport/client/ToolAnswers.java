package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.AllowedToolCall;
import io.agentpassport.proto.v1.DeniedToolCall;
import io.agentpassport.proto.v1.PendingApproval;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ToolCallDecision;
import io.agentpassport.wire.BudgetAnswers;
import io.agentpassport.wire.Decision;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.GatewayAnswers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a gateway answers, and checks the receipts.
 *
 * @param logKey of the service; null believes receipts as they come
 */
record ToolAnswers(@Nullable LogKey logKey) {

    private static final JsonParser DOCUMENT = JsonParser.with(new JsonLimits(ClientLimits.MESSAGE_BYTES, 64, 100_000,
            true, false));

    /** What a receipt must prove, besides the call and the code. */
    enum Proven {
        /** What would be decided. */
        PREVIEWED,
        /** That it was decided. */
        DECIDED,
        /** That it was decided, and what became of it. */
        RAN;

        /** A call that the agent ran itself can be asked after as one that the service ran. */
        boolean isMode(@Nullable String mode) {
            return this == PREVIEWED ? "preview".equals(mode) : "run".equals(mode) || "authorize".equals(mode);
        }
    }

    /** The answer to that call. */
    ToolCallAnswer of(ProcessToolCallResponse response, ToolCallDigest call) {
        Decision decision = decision(response.getDecision());
        Receipt receipt = receipt(response.getReceiptJson(), decision, call,
                response.hasAllowed() ? Proven.RAN : Proven.DECIDED);
        return switch (response.getOutcomeCase()) {
            case ALLOWED -> ran(decision, response.getAllowed(), receipt);
            case DENIED -> denied(decision, response.getDenied(), receipt);
            case OUTCOME_NOT_SET -> throw PassportException.protocolViolation("the service answered no outcome");
        };
    }

    static Decision decision(ToolCallDecision message) {
        Decision decision = Decision.decode(message);
        if (decision == null) {
            throw PassportException.protocolViolation(
                    "the service answered a decision that this version does not know: " + message.getCode());
        }
        return decision;
    }

    static ToolCallAnswer.Ran ran(Decision decision, AllowedToolCall allowed, @Nullable Receipt receipt) {
        GatewayAnswers.Run run = GatewayAnswers.decode(allowed.getOutcome());
        if (run == null) {
            throw PassportException.protocolViolation(
                    "the service answered an outcome that this version does not know: " + allowed.getOutcome());
        }
        Money cost = allowed.hasCost() ? money(allowed.getCost()) : null;
        Money overrun = allowed.hasOverrun() ? money(allowed.getOverrun()) : null;
        return run == GatewayAnswers.Run.RESULT
                ? new ToolCallAnswer.Completed(decision, json("a result", allowed.getResultJson()),
                        allowed.getIsError(), cost, overrun, allowed.getStored(), receipt)
                : new ToolCallAnswer.WithoutResult(decision, run, cost, overrun, allowed.getStored(), receipt);
    }

    static ToolDenial denied(Decision decision, DeniedToolCall denied, @Nullable Receipt receipt) {
        Duration retryAfter = denied.hasRetryAfter() ? WireValues.duration(denied.getRetryAfter()) : null;
        return switch (decision.code()) {
            case RATE -> new ToolDenial.RateExceeded(decision, retryAfter, receipt);
            case REVOKED -> new ToolDenial.Revoked(decision, receipt);
            case EXPIRED -> new ToolDenial.Expired(decision, receipt);
            case SESSION_INVALID -> new ToolDenial.SessionInvalid(decision, receipt);
            case REPLAY -> new ToolDenial.RequestIdUsed(decision, receipt);
            case STALE -> new ToolDenial.Stale(decision, receipt);
            case UNKNOWN_TOOL -> new ToolDenial.UnknownTool(decision, receipt);
            case NO_GRANT -> new ToolDenial.NoGrant(decision, receipt);
            case DEFAULT_DENY -> new ToolDenial.NotListed(decision, receipt);
            case REQUIRE_FAILED -> new ToolDenial.RequirementFailed(decision, retryAfter, receipt);
            case DENY_IF -> new ToolDenial.DeniedByRule(decision, retryAfter, receipt);
            case SCHEDULE -> new ToolDenial.OutOfSchedule(decision, retryAfter, receipt);
            case SCHEMA -> new ToolDenial.ArgumentsInvalid(decision, receipt);
            case APPROVAL_REQUIRED -> approval(decision, denied.getApproval(), retryAfter, receipt);
            case LIMIT -> new ToolDenial.LimitReached(decision, retryAfter, receipt);
            case BUDGET -> new ToolDenial.BudgetExceeded(decision, receipt);
            case ALLOWED, MALFORMED, OVERLOADED, INVALID_SIGNATURE, UNAVAILABLE ->
                throw PassportException.protocolViolation("the service denied a call as " + decision.code());
        };
    }

    private static ToolDenial approval(Decision decision, PendingApproval approval, @Nullable Duration retryAfter,
            @Nullable Receipt receipt) {
        return new ToolDenial.ApprovalRequired(decision, WireValues.orNull(approval.getApprovalId()),
                WireValues.word(approval.getState(), "APPROVAL_STATE_"),
                approval.hasExpiresAt() ? WireValues.instant(approval.getExpiresAt()) : null, retryAfter, receipt);
    }

    /** The receipt of a decision; checked to be of this call and of this code when there is a key to check it with. */
    @Nullable
    Receipt receipt(ByteString bytes, Decision decision, ToolCallDigest call, Proven what) {
        if (bytes.isEmpty()) {
            if (logKey != null && decision.code() != DecisionCode.RATE) {
                throw PassportException.protocolViolation("the service gave no receipt");
            }
            return null;
        }
        JsonObject json = json("a receipt", bytes);
        if (!(Receipt.fromJson(json) instanceof Receipt.Parsed parsed)) {
            throw PassportException.protocolViolation("what the service gave as a receipt is none");
        }
        if (logKey != null) {
            check(parsed.receipt(), logKey, decision, call, what);
        }
        return parsed.receipt();
    }

    private static void check(Receipt receipt, LogKey logKey, Decision decision, ToolCallDigest call, Proven what) {
        Receipt.Verdict verdict = receipt.verify(logKey);
        if (!(verdict instanceof Receipt.Verified verified)) {
            throw PassportException.protocolViolation("the receipt does not verify: " + verdict);
        }
        List<LogEntry> entries = verified.entries();
        if (entries.stream().noneMatch(entry -> isOf(entry, decision, call, what, entries))) {
            throw PassportException.protocolViolation("the receipt is of another call or decision");
        }
    }

    private static boolean isOf(LogEntry entry, Decision decision, ToolCallDigest call, Proven what,
            List<LogEntry> entries) {
        JsonObject logged = entry.json().object("call");
        if (!entry.kind().equals("call_decided") || logged == null || !call.text().equals(logged.string("digest"))
                || !what.isMode(entry.json().string("mode"))) {
            return false;
        }
        String code = entry.json().string("code");
        if (decision.code() == DecisionCode.REVOKED && DecisionCode.ALLOWED.name().equals(code)) {
            // What was allowed, and withdrawn before it ran, is logged as allowed and as not run.
            return isSettled(entry, entries, "not_run");
        }
        return decision.code().name().equals(code) && (what != Proven.RAN || isSettled(entry, entries, null));
    }

    private static boolean isSettled(LogEntry decided, List<LogEntry> entries, @Nullable String outcome) {
        return entries.stream()
                .anyMatch(entry -> entry.kind().equals("call_settled") && entry.settles() == decided.index()
                        && (outcome == null || outcome.equals(entry.json().string("outcome"))));
    }

    static @Nullable Money money(io.agentpassport.proto.v1.Money message) {
        Money money = BudgetAnswers.decode(message);
        if (money == null) {
            throw PassportException.protocolViolation("the service answered an amount that is none");
        }
        return money;
    }

    static JsonObject json(String what, ByteString bytes) {
        if (DOCUMENT.parse(bytes.toByteArray()) instanceof JsonParser.Parsed parsed) {
            return parsed.object();
        }
        throw PassportException.protocolViolation("the service answered " + what + " that is not strict JSON");
    }
}
