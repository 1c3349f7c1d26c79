package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetChange;
import io.agentpassport.server.gateway.budget.BudgetLimits;
import io.agentpassport.server.gateway.budget.BudgetOutcome;
import io.agentpassport.server.gateway.budget.BudgetRefusal;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.BudgetSessions;
import io.agentpassport.server.gateway.budget.BudgetSnapshot;
import io.agentpassport.server.gateway.budget.BudgetTree;
import io.agentpassport.server.partition.Rows;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of grants, which are budget sessions: a root's from nothing, a delegated one's out of the one above. Called inside
 * the commands that make and end grants.
 */
final class GrantBudgets {

    private GrantBudgets() {}

    /** What came of funding a grant. */
    sealed interface Outcome {}

    /** The budget is there. */
    record Funded(BudgetSessionId session) implements Outcome {}

    /** It cannot be. */
    record Refused(BudgetRefusal reason) implements Outcome {}

    /**
     * Makes a budget.
     *
     * @param random
     *            10 random bytes for its id, drawn before the command
     * @param from
     *            the budget that it is carved out of, or null for one that an operator funds
     */
    static Outcome fund(Rows rows, Identity owner, GrantId grant, Money amount, Instant expiresAt, byte[] random,
            @Nullable BudgetSessionId from) {
        var id = new BudgetSessionId("sess_" + grant.partition() + HexText.encode(random));
        Duration life = Duration.between(rows.now(), expiresAt);
        if (life.compareTo(BudgetLimits.MAX_LIFE) > 0) {
            life = BudgetLimits.MAX_LIFE;
        }
        BudgetChange change = from == null
                ? new BudgetChange.Create(id, owner, amount, life, "grant " + grant)
                : new BudgetChange.Carve(id, from, owner, amount, life);
        return switch (BudgetTree.apply(rows, change)) {
            case BudgetOutcome.Done done -> new Funded(id);
            case BudgetOutcome.Refused refused -> new Refused(refused.reason());
        };
    }

    /** Whether a budget belongs to that agent. */
    static boolean isOf(Rows rows, BudgetSessionId session, Identity agent) {
        BudgetSnapshot found = BudgetSessions.find(rows, session);
        return found != null && agent.equals(found.agent());
    }

    /** Ends the budget of a grant that was revoked. */
    static void revoke(Rows rows, BudgetSessionId session) {
        BudgetTree.apply(rows, new BudgetChange.End(session, true));
    }
}
