package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.Budgets;
import io.agentpassport.server.gateway.call.Gateway;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.Policies;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.upstream.Upstreams;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway's part of the gRPC surface stands on.
 *
 * @param nonces
 *            where new ids come from
 */
public record GatewayParts(Partitions partitions, Gateway gateway, Grants grants, Policies policies, Budgets budgets,
        Approvals approvals, Upstreams upstreams, Audit audit, NonceSource nonces) {

    /** An id in that partition; without one, in that of the owner; without either, in the first. */
    BudgetSessionId newBudgetId(@Nullable Identity owner, @Nullable PartitionId partition) {
        PartitionId home = partition != null
                ? partition
                : owner != null ? partitions.of(owner).id() : partitions.identities().get(0).id();
        return BudgetSessionId.random(home, nonces);
    }
}
