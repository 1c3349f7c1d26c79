package io.agentpassport.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * All figures of one service, in the text form of Prometheus. Meters are made once and kept: to count neither allocates nor
 * waits for anybody. Every label is of a closed list.
 */
public final class Metrics implements AutoCloseable {

    /** What every name of ours begins with. */
    public static final String PREFIX = "passport.";

    private static final Duration[] BUCKETS = {Duration.ofNanos(250_000), Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(10)};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    /** The registry itself holds on to none of what it asks. */
    private final List<LongSupplier> kept = new CopyOnWriteArrayList<>();

    /** With those of the virtual machine and of the process. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** All figures as they are now, in the text form of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    /** A time of which Prometheus can tell quantiles. */
    public Timer timer(String name, String description, String... tags) {
        return Timer.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** A figure that goes up and down; asked for when somebody looks. */
    public void gauge(String name, String description, DoubleSupplier now, String... tags) {
        Gauge.builder(PREFIX + name, now, DoubleSupplier::getAsDouble)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** A figure that only goes up, which somebody else counts. */
    public void counter(String name, String description, LongSupplier count, String... tags) {
        FunctionCounter.builder(PREFIX + name, count, LongSupplier::getAsLong)
                .description(description)
                .tags(Tags.of(tags))
                .register(registry);
        kept.add(count);
    }

    MeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
