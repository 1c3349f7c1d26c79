package io.agentpassport.server.endtoend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs what was scheduled once, when the test says so and on its thread. */
final class HandDrivenSchedule extends AbstractExecutorService implements ScheduledExecutorService {

    private final List<Planned> planned = new ArrayList<>();
    private boolean shutdown;

    /** What is planned and was not cancelled, as the waits that were asked for. */
    List<Duration> waits() {
        return planned.stream().filter(task -> !task.isCancelled()).map(task -> task.wait).toList();
    }

    /** Runs the one task that is planned, as if its wait were over. */
    void runNext() {
        if (waits().size() != 1) {
            throw new AssertionError("one task is expected, not " + waits());
        }
        Planned task = planned.stream().filter(each -> !each.isCancelled()).findFirst().orElseThrow();
        planned.clear();
        task.run();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (shutdown) {
            throw new RejectedExecutionException();
        }
        var task = new Planned(command, Duration.of(delay, unit.toChronoUnit()));
        planned.add(task);
        return task;
    }

    private static final class Planned extends FutureTask<@Nullable Object> implements ScheduledFuture<Object> {

        private final Duration wait;

        private Planned(Runnable command, Duration wait) {
            super(command, null);
            this.wait = wait;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(wait);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(wait.toNanos(), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }

    @Override
    public void execute(Runnable command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }
}
