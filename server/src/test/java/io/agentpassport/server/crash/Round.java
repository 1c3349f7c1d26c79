package io.agentpassport.server.crash;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PolicyRecord;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What was asked since a round began. */
record Round(List<Call> calls, List<Life> lives, List<Bounded<GrantRecord>> grants,
        List<Bounded<BudgetSessionRecord>> budgets, List<Operation<PolicyRecord>> policies,
        List<Operation<ApprovalRecord>> approvals) {

    /** How much there was of each kind when a round began. */
    record Start(int calls, int lives, int grants, int budgets, int policies, int approvals) {}

    static Start start(History history) {
        return new Start(history.calls().size(), history.lives().size(), history.grants().size(),
                history.budgets().size(), history.policies().size(), history.approvals().size());
    }

    static Round since(Start start, History history) {
        return new Round(after(history.calls(), start.calls), after(history.lives(), start.lives),
                after(history.grants(), start.grants), after(history.budgets(), start.budgets),
                after(history.policies(), start.policies), after(history.approvals(), start.approvals));
    }

    /** All of a history. */
    static Round whole(History history) {
        return since(new Start(0, 0, 0, 0, 0, 0), history);
    }

    private static <T> List<T> after(Collection<T> all, int first) {
        return all.stream().skip(first).toList();
    }

    List<Bounded<?>> bounded() {
        return Stream.<Bounded<?>>concat(grants.stream(), budgets.stream()).toList();
    }

    /** The calls of agents that stay and of those that come and go. */
    List<Call> allCalls() {
        return Stream.concat(calls.stream(), lives.stream().flatMap(life -> life.calls().stream())).toList();
    }
}
