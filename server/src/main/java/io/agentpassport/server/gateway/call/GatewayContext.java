package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.Partitions;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the gateway stands on, handed in by the composition root.
 *
 * @param partitions
 *            where identities live; their keyspaces hold those of the gateway
 * @param principals
 *            who answers for an identity; reads the store when it is not in memory
 * @param loaders
 *            reads what is not in memory; may refuse
 * @param timer
 *            does something after a while; may refuse
 */
public record GatewayContext(Partitions partitions, Grants grants, Tools tools, PoliciesInForce policies,
        CallBudgets budgets, Function<Identity, String> principals, GatewayLog log, NonceSource nonces,
        Executor loaders,
        Timer timer) {

    /** Does something later. */
    @FunctionalInterface
    public interface Timer {

        /**
         * Has it done.
         *
         * @throws java.util.concurrent.RejectedExecutionException
         *             when nothing is done later any more
         */
        void after(long millis, Runnable task);
    }
}
