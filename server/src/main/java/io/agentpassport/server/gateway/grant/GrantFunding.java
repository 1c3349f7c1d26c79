package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetRefusal;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes the budgets of grants, inside the command that makes the grant. */
public interface GrantFunding {

    /** What came of it. */
    sealed interface Outcome {}

    /** The budget is there: {@code sess_} and 24 hex digits. */
    record Funded(String session) implements Outcome {}

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
    Outcome fund(Rows rows, Identity owner, GrantId grant, Money amount, Instant expiresAt, byte[] random,
            @Nullable String from);

    /** Whether a budget belongs to that agent. */
    boolean isOf(Rows rows, String session, Identity agent);

    /** Ends the budget of a grant that was revoked. */
    void revoke(Rows rows, String session);
}
