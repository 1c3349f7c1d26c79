package io.agentpassport.server.rpc;

import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds back whoever sends too many calls that nobody can be shown to have made, before a signature of theirs is verified.
 * Calls that hold are never counted, so that many agents behind one address do not get into each other's way. In memory, and
 * bounded.
 */
final class RefusedCalls {

    /** As many as are refused by their signatures in one second, from one address. */
    static final int PER_SECOND = 200;

    /** As many addresses are remembered; when there are more in one second, those that come last are not held back. */
    static final int PEERS = 65_536;

    private final ConcurrentHashMap<String, Count> counts = new ConcurrentHashMap<>();

    private record Count(long second, int refused) {}

    /** Whether that peer must wait until the next second. */
    boolean holds(String peer, Instant now) {
        Count count = counts.get(peer);
        return count != null && count.second == now.getEpochSecond() && count.refused >= PER_SECOND;
    }

    /** A call of that peer was refused. */
    void refused(String peer, Instant now) {
        long second = now.getEpochSecond();
        if (counts.size() >= PEERS && !counts.containsKey(peer)) {
            counts.values().removeIf(count -> count.second != second);
            if (counts.size() >= PEERS) {
                return;
            }
        }
        counts.compute(peer, (same, before) -> next(before, second));
    }

    private static Count next(@Nullable Count before, long second) {
        return before == null || before.second != second ? new Count(second, 1)
                : new Count(second, Math.min(before.refused + 1, PER_SECOND));
    }
}
