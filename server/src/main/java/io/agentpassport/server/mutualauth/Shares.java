package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import java.util.concurrent.ConcurrentHashMap;

/** How much of something bounded each identity holds, so that one cannot hold all of it. Who holds nothing is not remembered. */
final class Shares {

    private final int most;
    private final ConcurrentHashMap<Identity, Integer> held = new ConcurrentHashMap<>();

    /** @param most that one identity may hold */
    Shares(int most) {
        this.most = most;
    }

    /** Takes one more, unless the identity holds as much as it may. */
    boolean take(Identity identity) {
        boolean[] taken = {false};
        held.compute(identity, (same, before) -> {
            int now = before == null ? 0 : before;
            taken[0] = now < most;
            return taken[0] ? Integer.valueOf(now + 1) : before;
        });
        return taken[0];
    }

    /** Gives one back. */
    void giveBack(Identity identity) {
        held.computeIfPresent(identity, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** How many identities hold something. */
    int holders() {
        return held.size();
    }
}
