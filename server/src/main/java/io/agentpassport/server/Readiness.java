package io.agentpassport.server;

import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the service serves, and why not: the one answer that health, the status and the management port give. For any threads. */
final class Readiness {

    private final Partitions partitions;
    private final TrustedClock clock;
    private volatile boolean stopping;

    Readiness(Partitions partitions, TrustedClock clock) {
        this.partitions = partitions;
        this.clock = clock;
    }

    /** From now on it serves no more. */
    void stop() {
        stopping = true;
    }

    /** Why it does not serve, for people; empty when it does. Never what anybody sent. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (stopping) {
            problems.add("the service is stopping");
        }
        switch (clock.state()) {
            case TRUSTED -> {
            }
            case BEHIND -> problems.add("the clock is behind what was decided by");
            case AHEAD -> problems.add("the clock was set forward, and nobody confirmed it");
        }
        for (Partition partition : partitions.all()) {
            if (!partition.state().isHealthy()) {
                problems.add(
                        "partition " + partition.id() + " is " + partition.state().name().toLowerCase(Locale.ROOT));
            }
        }
        return List.copyOf(problems);
    }
}
