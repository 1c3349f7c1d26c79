package io.agentpassport.server.partition;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work that waits in an executor's queue once at most, however often it is asked for before it begins. */
public final class QueuedOnce {

    private final Executor executor;
    private final Runnable work;
    private final AtomicBoolean waits = new AtomicBoolean();

    /** What asking for it does, later and on a thread of the executor. */
    public QueuedOnce(Executor executor, Runnable work) {
        this.executor = executor;
        this.work = work;
    }

    /** Asks for it: quick, never throws. What an executor does not take, because it stops or is full, is not done. */
    public void ask() {
        if (waits.compareAndSet(false, true)) {
            try {
                executor.execute(this::begin);
            } catch (RejectedExecutionException e) {
                waits.set(false);
            }
        }
    }

    private void begin() {
        waits.set(false);
        work.run();
    }
}
