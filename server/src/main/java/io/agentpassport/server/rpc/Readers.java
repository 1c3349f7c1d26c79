package io.agentpassport.server.rpc;

import io.agentpassport.server.partition.Shares;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Where handlers run that read the store. Admins have threads of their own, so that nobody keeps them from revoking; of all
 * others nobody takes more than a share.
 */
final class Readers {

    /** How many reads of one caller may wait or run. */
    static final int OF_ONE_CALLER = 16;

    private final Executor forAdmins;
    private final Executor forOthers;
    private final Shares<String> underWay = new Shares<>(OF_ONE_CALLER);

    /** Both are bounded: what they do not take is refused. */
    Readers(Executor forAdmins, Executor forOthers) {
        this.forAdmins = forAdmins;
        this.forOthers = forOthers;
    }

    /** Where streams read that are open already. */
    Executor forOthers() {
        return forOthers;
    }

    /** Runs a handler on a reader's thread, in the context of here; exceptionally when there is no room at all. */
    <A> CompletableFuture<Answer<A>> read(Caller caller, Supplier<CompletableFuture<Answer<A>>> handler) {
        if (caller instanceof Caller.Admin) {
            return run(forAdmins, handler);
        }
        String share = caller.countedAs();
        if (!underWay.take(share)) {
            return Answer.<A>refused(ServiceErrors.overloaded("reads", RpcLimits.RETRY_SOON)).now();
        }
        return run(forOthers, handler).whenComplete((answer, failure) -> underWay.giveBack(share));
    }

    private static <A> CompletableFuture<Answer<A>> run(Executor executor,
            Supplier<CompletableFuture<Answer<A>>> handler) {
        Context context = Context.current();
        // From a completed future on: unlike supplyAsync this does not throw when no more may wait.
        return CompletableFuture.completedFuture(handler)
                .thenComposeAsync(one -> context.isCancelled()
                        // Whoever asked waits no longer.
                        ? Answer.<A>refused(ServiceErrors.overloaded("readers", RpcLimits.RETRY_LATER)).now()
                        : one.get(), context.fixedContextExecutor(executor));
    }
}
