package io.agentpassport.server.gateway.call;

import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.gateway.call.CallReport.LimitLeft;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.gateway.limit.Remaining;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a decision: why, and what is left of limits and of the budget. */
final class DecisionReports {

    private final CallPlan plan;
    private final ReservationId reservation;
    private final CallBudgets budgets;

    DecisionReports(CallPlan plan, ReservationId reservation, CallBudgets budgets) {
        this.plan = plan;
        this.reservation = reservation;
        this.budgets = budgets;
    }

    CallReport of(DecisionCode code, String message, @Nullable String rule, @Nullable String policy,
            @Nullable Instant retryAt, CallReport.@Nullable Approval approval, List<LimitLeft> limits,
            @Nullable BudgetLeft budget) {
        GrantChain chain = plan.chain();
        // Before the grant is asked for, nothing is said of it.
        boolean judged = code.compareTo(DecisionCode.NO_GRANT) > 0;
        return new CallReport(code, rule, policy, judged && chain != null ? chain.leaf().id() : null, message, retryAt,
                approval, limits, budget, null);
    }

    /** What is left of each limit that the caller may know of. */
    List<LimitLeft> limitsLeft(Rows rows) {
        return limitsLeft(Counters.remaining(rows, plan.counterUses(), rows.now()));
    }

    /** The same, of counters that were looked at. */
    List<LimitLeft> limitsLeft(List<Remaining> remaining) {
        List<LimitLeft> own = new ArrayList<>();
        for (int i = 0; i < plan.uses().size(); i++) {
            PlannedUse use = plan.uses().get(i);
            var max = use.use().max();
            var left = remaining.get(i).left();
            if (use.own() && max != null && left != null) {
                own.add(new LimitLeft(use.rule(), use.limit().counter(), use.limit().window().text(),
                        use.limit().scope().text(), max.text(), left.text(), remaining.get(i).resetsAt()));
            }
        }
        return own;
    }

    /** What is left of the budget that the call would be charged to, or null. */
    @Nullable
    BudgetLeft budgetLeft(Rows rows, GrantChain chain) {
        Money price = plan.price();
        BudgetSessionId session = plan.charged();
        return price == null || session == null ? null
                : switch (budgets
                        .reserve(rows, session, chain.leaf().charges(), plan.call().caller().identity(), price,
                                reservation,
                                false)) {
                    case CallBudgets.Held held -> held.left();
                    case CallBudgets.Refused refused -> refused.left();
                };
    }
}
