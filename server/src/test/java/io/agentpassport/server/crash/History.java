package io.agentpassport.server.crash;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PolicyRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All that clients asked of one service, over all its starts, and what they were told. Safe for any number of threads. */
final class History {

    private final Collection<Call> calls = new ConcurrentLinkedQueue<>();
    private final Collection<Life> lives = new ConcurrentLinkedQueue<>();
    private final Collection<Bounded<GrantRecord>> grants = new ConcurrentLinkedQueue<>();
    private final Collection<Bounded<BudgetSessionRecord>> budgets = new ConcurrentLinkedQueue<>();
    private final Collection<Operation<PolicyRecord>> policies = new ConcurrentLinkedQueue<>();
    private final Collection<Operation<ApprovalRecord>> approvals = new ConcurrentLinkedQueue<>();

    Collection<Call> calls() {
        return calls;
    }

    Collection<Life> lives() {
        return lives;
    }

    Collection<Bounded<GrantRecord>> grants() {
        return grants;
    }

    Collection<Bounded<BudgetSessionRecord>> budgets() {
        return budgets;
    }

    Collection<Operation<PolicyRecord>> policies() {
        return policies;
    }

    Collection<Operation<ApprovalRecord>> approvals() {
        return approvals;
    }

    /** The calls of agents that stay and of those that come and go. */
    List<Call> allCalls() {
        List<Call> all = new ArrayList<>(calls);
        lives.forEach(life -> all.addAll(life.calls()));
        return all;
    }

    /** Every operation. */
    List<Operation<?>> operations() {
        List<Operation<?>> all = new ArrayList<>(policies);
        all.addAll(approvals);
        allCalls().forEach(call -> all.add(call.sent()));
        grants.forEach(grant -> {
            all.add(grant.made());
            all.add(grant.revoked());
        });
        budgets.forEach(budget -> {
            all.add(budget.made());
            all.add(budget.revoked());
        });
        lives.forEach(life -> {
            all.add(life.token());
            all.addAll(life.enrolments());
            all.add(life.session());
            all.add(life.grant());
            all.add(life.revocation());
        });
        return all;
    }

    /** How many times somebody was told that something is done, or is not allowed. */
    long acknowledged() {
        return operations().stream()
                .flatMap(operation -> operation.told().stream())
                .filter(told -> told instanceof Told.Acknowledged)
                .count();
    }

    /** How many times nobody was told what became of it. */
    long unanswered() {
        return operations().stream()
                .flatMap(operation -> operation.told().stream())
                .filter(told -> told instanceof Told.Unanswered)
                .count();
    }
}
