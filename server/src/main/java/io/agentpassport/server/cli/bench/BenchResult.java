package io.agentpassport.server.cli.bench;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one load.
 *
 * @param load its name
 * @param how {@code closed, N in flight}, or {@code open, N/s asked}
 * @param perSecond the median of the slices' rates
 * @param slowest the lowest rate of a slice
 * @param fastest the highest rate of a slice
 * @param latency nanoseconds from when an operation should have begun to its end
 * @param failed how many operations failed
 * @param serverCpu CPU time of the server while it was measured; null when it is not known
 * @param generatorCpu CPU time of this process in the same time
 * @param measured how long it was measured
 */
public record BenchResult(String load, String how, double perSecond, double slowest, double fastest,
        Histogram latency, long failed, @Nullable Duration serverCpu, Duration generatorCpu, Duration measured) {

    static BenchResult of(String load, String how, long[] perSlice, Duration slice, Histogram latency, long failed,
            @Nullable Duration serverCpu, Duration generatorCpu) {
        double[] rates = Arrays.stream(perSlice).mapToDouble(count -> count * 1e9 / slice.toNanos()).sorted().toArray();
        return new BenchResult(load, how, rates[rates.length / 2], rates[0], rates[rates.length - 1], latency, failed,
                serverCpu, generatorCpu, slice.multipliedBy(perSlice.length));
    }

    /** The head of the table. */
    public static String head() {
        return String.format(Locale.ROOT, "%-20s %-22s %10s %21s %9s %9s %9s %7s %11s", "load", "how", "ops/s",
                "slices",
                "p50 ms", "p99 ms", "max ms", "failed", "cores s+g");
    }

    /** The row of this result. */
    public String row() {
        return String.format(Locale.ROOT, "%-20s %-22s %,10.0f %10.0f-%-10.0f %9.2f %9.2f %9.2f %7d %5s+%.2f", load,
                how,
                perSecond, slowest, fastest, millis(50), millis(99), latency.getMaxValue() / 1e6, failed,
                serverCpu == null ? "?" : String.format(Locale.ROOT, "%.2f", cores(serverCpu)), cores(generatorCpu));
    }

    /** All of it, for programs. */
    public JsonObject json() {
        return JsonObject.builder()
                .put("load", load)
                .put("how", how)
                .put("ops_per_s_median", perSecond)
                .put("ops_per_s_min", slowest)
                .put("ops_per_s_max", fastest)
                .put("p50_ms", millis(50))
                .put("p90_ms", millis(90))
                .put("p99_ms", millis(99))
                .put("p999_ms", millis(99.9))
                .put("max_ms", latency.getMaxValue() / 1e6)
                .put("failed", new JsonNumber(failed))
                .put("server_cores", new JsonNumber(serverCpu == null ? -1 : cores(serverCpu)))
                .put("generator_cores", cores(generatorCpu))
                .put("measured_s", measured.toMillis() / 1e3)
                .build();
    }

    private double millis(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e6;
    }

    private double cores(Duration cpu) {
        return (double) cpu.toNanos() / measured.toNanos();
    }
}
