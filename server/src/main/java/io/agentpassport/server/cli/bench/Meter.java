package io.agentpassport.server.cli.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Counts operations slice by slice once the warm-up is over. */
final class Meter {

    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier ticker;
    private final long begin;
    private final long sliceNanos;
    private final LongAdder[] slices;
    private final Recorder latency = new Recorder(LONGEST_NANOS, 3);
    private final LongAdder failed = new LongAdder();
    private final AtomicLong firstFailureSaid = new AtomicLong();
    private volatile @Nullable Throwable firstFailure;

    Meter(LongSupplier ticker, Duration warmUp, int slices, Duration slice) {
        this.ticker = ticker;
        this.begin = ticker.getAsLong() + warmUp.toNanos();
        this.sliceNanos = slice.toNanos();
        this.slices = new LongAdder[slices];
        for (int i = 0; i < slices; i++) {
            this.slices[i] = new LongAdder();
        }
    }

    boolean isOver() {
        return ticker.getAsLong() - begin >= sliceNanos * slices.length;
    }

    /** When the warm-up ends, on the ticker. */
    long begin() {
        return begin;
    }

    /** When the last slice ends, on the ticker. */
    long end() {
        return begin + sliceNanos * slices.length;
    }

    void done(long shouldHaveBegun, @Nullable Throwable failure) {
        long now = ticker.getAsLong();
        if (now < begin || now >= end()) {
            return;
        }
        if (failure != null) {
            failed.increment();
            if (firstFailureSaid.compareAndSet(0, 1)) {
                firstFailure = failure;
            }
            return;
        }
        slices[(int) ((now - begin) / sliceNanos)].increment();
        latency.recordValue(Math.min(now - shouldHaveBegun, LONGEST_NANOS));
    }

    @Nullable
    Throwable firstFailure() {
        return firstFailure;
    }

    BenchResult result(Load load, String how, Supplier<@Nullable Duration> serverCpu, Duration generatorCpu) {
        var counts = new long[slices.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = slices[i].sum();
        }
        Histogram histogram = latency.getIntervalHistogram();
        return BenchResult.of(load.name(), how, counts, Duration.ofNanos(sliceNanos), histogram, failed.sum(),
                serverCpu.get(), generatorCpu);
    }
}
