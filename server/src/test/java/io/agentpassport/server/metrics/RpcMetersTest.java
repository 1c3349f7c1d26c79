package io.agentpassport.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RpcMetersTest {

    private static final int CALLS = 100_000;

    private final Metrics metrics = new Metrics();
    private final RpcMeters meters = new RpcMeters(metrics, List.of("a.Service/Known"), 17, List.of("MALFORMED"));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void whatIsNotKnownIsCountedTogether() {
        meters.of("a.Service/Known").ended(0, "OK", 1_000_000);
        meters.of("b.Other/Method").ended(5, "NOT_FOUND", 1_000_000);
        meters.of("c.Another/Method").ended(5, "NOT_FOUND", 1_000_000);
        meters.refused("MALFORMED");
        meters.refused("somebody's own words");

        assertThat(metrics.scrape()).contains("passport_rpc_calls_total{code=\"OK\",method=\"a.Service/Known\"} 1.0",
                "passport_rpc_calls_total{code=\"NOT_FOUND\",method=\"OTHER\"} 2.0",
                "passport_refused_total{reason=\"MALFORMED\"} 1.0", "passport_refused_total{reason=\"OTHER\"} 1.0",
                "passport_rpc_duration_seconds_bucket{method=\"a.Service/Known\",le=\"0.001\"} 1")
                .doesNotContain("b.Other", "somebody");
    }

    @Test
    void toCountACallAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long me = Thread.currentThread().threadId();
        count();
        count();

        long before = threads.getThreadAllocatedBytes(me);
        count();
        long allocated = threads.getThreadAllocatedBytes(me) - before;

        // The time window of the longest call moves on now and then.
        assertThat((double) allocated / CALLS).isLessThan(0.5);
    }

    private void count() {
        for (int call = 0; call < CALLS; call++) {
            meters.of("a.Service/Known").ended(call % 2, "OK", 1_000L + call);
            meters.refused("MALFORMED");
        }
    }
}
