package io.agentpassport.server.gateway.call;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.PriceQuote;
import io.agentpassport.server.policy.ResponseRules;
import io.agentpassport.server.upstream.ToolFailure;
import io.agentpassport.server.upstream.ToolOutcome;
import io.agentpassport.server.upstream.ToolResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an allowed call is run, and what becomes of what the tool answers: by the policies that let it run. */
record CallRun(CallPlan plan, GatewayLimits limits) {

    /** For how long the tool may run: the shortest that a policy says, or the usual. */
    Duration timeout() {
        Duration said = plan.timeout();
        return said == null ? limits.toolTimeout() : said;
    }

    /** How large its result may be: the smallest that a policy says. */
    int maxBytes() {
        int smallest = limits.maxResultBytes();
        for (PlannedPolicy planned : plan.policies()) {
            int most = planned.judgement() instanceof Judgement.Passed passed ? passed.response().maxBytes() : 0;
            smallest = most > 0 ? Math.min(smallest, most) : smallest;
        }
        return smallest;
    }

    /** How the call ends, given what came of the run. */
    SettleCall.End end(ToolOutcome run) {
        return switch (run) {
            case ToolResult answered -> answered(answered);
            case ToolFailure failure -> {
                CallOutcome outcome = outcome(failure);
                boolean ran = outcome != CallOutcome.UPSTREAM_UNREACHABLE;
                // A tool whose answer is too long has done its work.
                boolean failed = outcome != CallOutcome.RESULT_TOO_LARGE;
                yield new SettleCall.End(outcome, false, failed, null, !ran, null, null, null);
            }
        };
    }

    private static CallOutcome outcome(ToolFailure failed) {
        return switch (failed.kind()) {
            case TIMEOUT -> CallOutcome.UPSTREAM_TIMEOUT;
            case UNREACHABLE -> CallOutcome.UPSTREAM_UNREACHABLE;
            case TOO_LARGE -> CallOutcome.RESULT_TOO_LARGE;
            case PROTOCOL -> CallOutcome.UPSTREAM_PROTOCOL;
        };
    }

    private SettleCall.End answered(ToolResult answered) {
        Money cost = cost(answered.result());
        JsonObject passed = answered.result();
        for (PlannedPolicy planned : plan.policies()) {
            if (planned.judgement() instanceof Judgement.Passed judged) {
                switch (judged.response().apply(passed)) {
                    case ResponseRules.Withheld withheld -> {
                        String rule = planned.rule(withheld.pointer());
                        return new SettleCall.End(CallOutcome.RESULT_WITHHELD, answered.isError(), answered.isError(),
                                cost, false, null, null, rule == null ? withheld.pointer() : rule);
                    }
                    case ResponseRules.Released released -> passed = released.result();
                }
            }
        }
        byte[] bytes = Jcs.bytes(passed);
        if (bytes.length > maxBytes()) {
            return new SettleCall.End(CallOutcome.RESULT_TOO_LARGE, answered.isError(), answered.isError(), cost, false,
                    null, null, null);
        }
        // Of what the agent is given: whoever reads the log could guess by it what was kept back.
        return new SettleCall.End(CallOutcome.RESULT, answered.isError(), answered.isError(), cost, false,
                new CallRows.Answer(bytes, answered.isError()), Digest.sha256Text(bytes), null);
    }

    /** What it cost by the policy that asks the most, all in one currency, or null for what is held. */
    private @Nullable Money cost(JsonObject result) {
        Money most = null;
        for (PlannedPolicy planned : plan.policies()) {
            PriceQuote quote = planned.judgement() instanceof Judgement.Passed passed ? passed.price() : null;
            Money actual = quote == null ? null : quote.actual(result);
            if (quote != null && actual == null) {
                actual = quote.reserve();
            }
            if (actual != null && (most == null || actual.amount().compareTo(most.amount()) > 0)) {
                most = actual;
            }
        }
        return most;
    }
}
