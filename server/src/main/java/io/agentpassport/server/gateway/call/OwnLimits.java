package io.agentpassport.server.gateway.call;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.gateway.call.CallReport.LimitLeft;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.gateway.limit.Remaining;
import io.agentpassport.server.partition.Partition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which counters of its own each identity was counted in last, so that it can ask how they stand. Only which: how they stand
 * is read when it is asked. In memory, and bounded: an identity that called longest ago is forgotten first, and of one
 * identity the counter that was used longest ago.
 */
final class OwnLimits {

    /** Counters that are remembered of one identity: as many as one call may use. */
    static final int OF_ONE = 64;

    /** Identities that are remembered, some 20 KB each at most. */
    static final int IDENTITIES = 4_096;

    private final Map<String, Map<CounterId, PlannedUse>> byHolder = recent(IDENTITIES);

    private static <K, V> Map<K, V> recent(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** A call of that identity was decided, or refused, by these. */
    synchronized void used(String holder, List<PlannedUse> uses) {
        Map<CounterId, PlannedUse> own = null;
        for (PlannedUse use : uses) {
            if (use.own() && use.use().max() != null) {
                own = own == null ? byHolder.computeIfAbsent(holder, key -> recent(OF_ONE)) : own;
                own.put(use.use().counter(), use);
            }
        }
    }

    private synchronized List<PlannedUse> of(String holder) {
        Map<CounterId, PlannedUse> own = byHolder.get(holder);
        return own == null ? List.of() : new ArrayList<>(own.values()).reversed();
    }

    /** How they stand now, the one that was used last first. Reads the store. */
    List<LimitLeft> left(String holder, Partition partition) {
        List<LimitLeft> left = new ArrayList<>();
        for (PlannedUse use : of(holder)) {
            Remaining remaining = Counters.remaining(partition, use.use(), partition.now());
            Decimal max = use.use().max();
            Decimal rest = remaining.left();
            if (max != null && rest != null) {
                left.add(new LimitLeft(use.rule(), use.limit().counter(), use.limit().window().text(),
                        use.limit().scope().text(), max.text(), rest.text(), remaining.resetsAt()));
            }
        }
        return left;
    }
}
