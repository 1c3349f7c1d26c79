package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.gateway.budget.BudgetLimits;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.BudgetSnapshot;
import io.agentpassport.server.gateway.budget.Budgets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Which budget sessions exist for a caller: for an admin all; for an agent its own, and those that descend from its own. */
record BudgetSight(Budgets budgets) {

    /** The session, or null when there is none for the caller. */
    CompletableFuture<@Nullable BudgetSnapshot> sees(BudgetSessionId id, Caller caller) {
        return budgets.find(id)
                .thenCompose(found -> found == null || !(caller instanceof Caller.Agent agent)
                        ? CompletableFuture.completedFuture(found)
                        : hangsOn(found, agent.identity(), BudgetLimits.MAX_DEPTH)
                                .thenApply(own -> own ? found : null));
    }

    /** The session if it is the caller's own, or the caller is an admin; else null. */
    CompletableFuture<@Nullable BudgetSnapshot> owns(BudgetSessionId id, Caller caller) {
        return budgets.find(id)
                .thenApply(found -> found == null || !(caller instanceof Caller.Agent agent)
                        || agent.identity().equals(found.agent()) ? found : null);
    }

    /** The session if it was carved out of one of the caller's own, or the caller is an admin; else null. */
    CompletableFuture<@Nullable BudgetSnapshot> funds(BudgetSessionId id, Caller caller) {
        return budgets.find(id).thenCompose(found -> {
            if (found == null || !(caller instanceof Caller.Agent)) {
                return CompletableFuture.completedFuture(found);
            }
            BudgetSessionId parent = found.parent();
            return parent == null
                    ? CompletableFuture.<@Nullable BudgetSnapshot>completedFuture(null)
                    : owns(parent, caller).thenApply(own -> own == null ? null : found);
        });
    }

    private CompletableFuture<Boolean> hangsOn(BudgetSnapshot session, Identity agent, int depth) {
        BudgetSessionId parent = session.parent();
        if (agent.equals(session.agent())) {
            return CompletableFuture.completedFuture(true);
        }
        return parent == null || depth == 0
                ? CompletableFuture.completedFuture(false)
                : budgets.find(parent)
                        .thenCompose(above -> above == null
                                ? CompletableFuture.completedFuture(false)
                                : hangsOn(above, agent, depth - 1));
    }
}
