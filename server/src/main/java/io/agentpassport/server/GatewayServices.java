package io.agentpassport.server;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.AuditedGateway;
import io.agentpassport.server.gateway.approval.ApprovalRows;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.budget.BudgetRows;
import io.agentpassport.server.gateway.budget.Budgets;
import io.agentpassport.server.gateway.call.CallBudgets;
import io.agentpassport.server.gateway.call.CallRows;
import io.agentpassport.server.gateway.call.Gateway;
import io.agentpassport.server.gateway.call.GatewayContext;
import io.agentpassport.server.gateway.call.GatewayLimits;
import io.agentpassport.server.gateway.call.StoredPolicies;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.gateway.grant.GrantRows;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.gateway.limit.LimitRows;
import io.agentpassport.server.partition.OneAtATime;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.PolicySnapshot;
import io.agentpassport.server.store.Keyspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The gateway's parts, made of each other. Made before the partitions are started. */
public final class GatewayServices implements AutoCloseable {

    private final Grants grants;
    private final Approvals approvals;
    private final Budgets budgets;
    private final Gateway gateway;
    private final OneAtATime sweeping = new OneAtATime();

    /**
     * Makes them.
     *
     * @param principals
     *            who answers for an identity; reads the store when it is not in memory
     * @param loaders
     *            reads what is not in memory; may refuse
     * @param deliveries
     *            where those who follow approvals are told
     */
    public GatewayServices(Partitions partitions, Supplier<PolicySnapshot> policies,
            Function<Identity, String> principals, Tools tools, GatewayLimits limits,
            NonceSource nonces, Executor loaders, Executor deliveries, ScheduledExecutorService timer) {
        var log = new AuditedGateway();
        grants = new Grants(partitions, id -> policies.get().newest(id) != null, log, nonces);
        approvals = new Approvals(partitions, log, nonces, deliveries);
        budgets = new Budgets(partitions);
        gateway = new Gateway(new GatewayContext(partitions, grants, tools, new StoredPolicies(policies),
                new CallBudgets(), principals, log, nonces, loaders, (millis, task) -> {
                    var unused = timer.schedule(task, millis, TimeUnit.MILLISECONDS);
                }), limits);
    }

    /** What they keep, for the service's list. */
    public static List<Keyspace<?, ?>> keyspaces() {
        List<Keyspace<?, ?>> all = new ArrayList<>();
        all.addAll(GrantRows.ALL);
        all.addAll(LimitRows.ALL);
        all.addAll(BudgetRows.ALL);
        all.addAll(ApprovalRows.ALL);
        all.addAll(CallRows.ALL);
        return all;
    }

    /** Settles what was running when the service stopped: after the partitions are started, and before the first call. */
    public void begin() {
        gateway.recover();
    }

    /** Settles and ends what is over, unless that is under way; the owner calls this on a schedule. */
    public CompletableFuture<Integer> sweep() {
        return sweeping.run(() -> gateway.sweep()
                .thenCombine(approvals.sweep(), Integer::sum)
                .thenCombine(budgets.closeDue(), Integer::sum));
    }

    /** Who may call what. */
    public Grants grants() {
        return grants;
    }

    /** People who are asked. */
    public Approvals approvals() {
        return approvals;
    }

    /** Money that calls may spend. */
    public Budgets budgets() {
        return budgets;
    }

    /** The calls themselves. */
    public Gateway gateway() {
        return gateway;
    }

    /** Ends what follows approvals. */
    @Override
    public void close() {
        approvals.close();
    }
}
