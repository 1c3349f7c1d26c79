package io.agentpassport.server.gateway.call;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often what was decided since the service started: of all, and of each of the first identities that called. */
public final class GatewayStats {

    /** Identities that are counted apart; those that come later are counted with all only. */
    private static final int MAX_IDENTITIES = 65_536;

    private final Map<DecisionCode, LongAdder> all = counts();
    private final ConcurrentHashMap<String, Map<DecisionCode, LongAdder>> byIdentity = new ConcurrentHashMap<>();

    private static Map<DecisionCode, LongAdder> counts() {
        Map<DecisionCode, LongAdder> counts = new EnumMap<>(DecisionCode.class);
        for (DecisionCode code : DecisionCode.values()) {
            counts.put(code, new LongAdder());
        }
        return counts;
    }

    void count(String holder, DecisionCode code) {
        increment(all, code);
        Map<DecisionCode, LongAdder> own = byIdentity.get(holder);
        if (own == null && byIdentity.size() < MAX_IDENTITIES) {
            own = byIdentity.computeIfAbsent(holder, key -> counts());
        }
        if (own != null) {
            increment(own, code);
        }
    }

    private static void increment(Map<DecisionCode, LongAdder> counts, DecisionCode code) {
        LongAdder count = counts.get(code);
        if (count != null) {
            count.increment();
        }
    }

    /**
     * What was decided, without what never was.
     *
     * @param holder
     *            of one identity, or null of all
     */
    public Map<DecisionCode, Long> decided(@Nullable String holder) {
        Map<DecisionCode, LongAdder> counts = holder == null ? all : byIdentity.get(holder);
        Map<DecisionCode, Long> decided = new EnumMap<>(DecisionCode.class);
        if (counts != null) {
            counts.forEach((code, count) -> {
                if (count.sum() > 0) {
                    decided.put(code, count.sum());
                }
            });
        }
        return decided;
    }
}
