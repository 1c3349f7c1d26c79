package io.agentpassport.server.partition;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How much of something bounded each holder has, so that one cannot have all of it. Who has nothing is not remembered.
 *
 * @param <K> who holds: an identity, a peer
 */
public final class Shares<K> {

    private final int most;
    private final ConcurrentHashMap<K, Integer> held = new ConcurrentHashMap<>();

    /** @param most that one may hold */
    public Shares(int most) {
        this.most = most;
    }

    /** Takes one more, unless the holder has as much as it may. */
    public boolean take(K holder) {
        boolean[] taken = {false};
        held.compute(holder, (same, before) -> {
            int now = before == null ? 0 : before;
            taken[0] = now < most;
            return taken[0] ? Integer.valueOf(now + 1) : before;
        });
        return taken[0];
    }

    /** Gives one back. */
    public void giveBack(K holder) {
        held.computeIfPresent(holder, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** How many hold something. */
    public int holders() {
        return held.size();
    }
}
