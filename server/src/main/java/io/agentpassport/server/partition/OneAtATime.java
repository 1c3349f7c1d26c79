package io.agentpassport.server.partition;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Something that is done on a schedule, and not begun again before it has ended: a slow one is not joined by more. */
public final class OneAtATime {

    private final AtomicBoolean underWay = new AtomicBoolean();

    /** Does it, and answers how many; does nothing, and answers 0, while it is under way. */
    public CompletableFuture<Integer> run(Supplier<CompletableFuture<Integer>> work) {
        if (!underWay.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(0);
        }
        try {
            return work.get().whenComplete((count, failure) -> underWay.set(false));
        } catch (RuntimeException e) {
            underWay.set(false);
            return CompletableFuture.failedFuture(e);
        }
    }
}
