package io.agentpassport.server.cli.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives a load and measures it.
 *
 * @param ticker nanoseconds that only grow
 * @param serverCpu the CPU time that the server has used so far; null when it is not known
 * @param warmUp how long it runs before it is measured
 * @param slices how many slices are measured; the rate is their median
 * @param slice how long a slice is
 */
public record Bench(LongSupplier ticker, Supplier<@Nullable Duration> serverCpu, Duration warmUp, int slices,
        Duration slice) {

    /** Where the answer to an overload waits for room before it counts as lost. */
    private static final int MOST_IN_FLIGHT = 4_096;

    /** Closed loop: so many operations are always under way; each answer begins the next. */
    public BenchResult closed(Load load, int inFlight) {
        var meter = new Meter(ticker, warmUp, slices, slice);
        var running = new Semaphore(inFlight);
        running.acquireUninterruptibly(inFlight);
        var cpu = new Cpu(meter);
        for (int i = 0; i < inFlight; i++) {
            next(load, meter, running);
        }
        return measured(load, "closed, " + inFlight + " in flight", meter, cpu, running, inFlight);
    }

    /**
     * Open loop: operations begin at a fixed rate, whatever the answers do; latency counts from when an operation should
     * have begun, so that a stall shows in full.
     */
    public BenchResult open(Load load, int perSecond) {
        var meter = new Meter(ticker, warmUp, slices, slice);
        var room = new Semaphore(MOST_IN_FLIGHT);
        var cpu = new Cpu(meter);
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (long due = ticker.getAsLong(); due < meter.end(); due += interval) {
            while (ticker.getAsLong() < due) {
                LockSupport.parkNanos(Math.min(due - ticker.getAsLong(), 100_000));
            }
            room.acquireUninterruptibly();
            long shouldHaveBegun = due;
            CompletableFuture<Void> unused = start(load).whenComplete((nothing, failure) -> {
                room.release();
                meter.done(shouldHaveBegun, failure);
            });
        }
        return measured(load, "open, " + perSecond + "/s asked", meter, cpu, room, MOST_IN_FLIGHT);
    }

    private void next(Load load, Meter meter, Semaphore running) {
        long began = ticker.getAsLong();
        CompletableFuture<Void> unused = start(load).whenComplete((nothing, failure) -> {
            meter.done(began, failure);
            if (meter.isOver()) {
                running.release();
            } else if (failure == null) {
                next(load, meter, running);
            } else {
                // A failure may have come at once, on this very stack.
                var unusedAgain = CompletableFuture.runAsync(() -> next(load, meter, running));
            }
        });
    }

    private static CompletableFuture<Void> start(Load load) {
        try {
            return load.run();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private BenchResult measured(Load load, String how, Meter meter, Cpu cpu, Semaphore all, int permits) {
        try {
            cpu.thread.join();
            if (!all.tryAcquire(permits, 60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("operations are still under way a minute after the last began");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        BenchResult result = meter.result(load, how, cpu::server, cpu.generator());
        Throwable failure = meter.firstFailure();
        if (failure != null && result.perSecond() == 0) {
            throw new IllegalStateException("every operation failed; the first: " + failure.getMessage(), failure);
        }
        return result;
    }

    /** CPU time of both processes between the end of the warm-up and the last slice's end. */
    private final class Cpu {
        private final Meter meter;
        private volatile @Nullable Duration serverBefore;
        private volatile @Nullable Duration serverAfter;
        private volatile Duration generatorBefore = Duration.ZERO;
        private volatile Duration generatorAfter = Duration.ZERO;

        private final Thread thread;

        Cpu(Meter meter) {
            this.meter = meter;
            this.thread = Thread.ofPlatform().daemon().name("bench-cpu").start(this::watch);
        }

        private void watch() {
            waitUntil(meter.begin());
            serverBefore = serverCpu.get();
            generatorBefore = own();
            waitUntil(meter.end());
            serverAfter = serverCpu.get();
            generatorAfter = own();
        }

        @Nullable
        Duration server() {
            Duration before = serverBefore;
            Duration after = serverAfter;
            return before == null || after == null ? null : after.minus(before);
        }

        Duration generator() {
            return generatorAfter.minus(generatorBefore);
        }

        private void waitUntil(long instant) {
            for (long left = instant - ticker.getAsLong(); left > 0; left = instant - ticker.getAsLong()) {
                LockSupport.parkNanos(left);
            }
        }

        private static Duration own() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        }
    }
}
