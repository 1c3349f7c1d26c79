package io.agentpassport.server.partition;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Since when a reader leaves what there is for it. Of one thread at a time. */
public final class Stall {

    private final Duration most;
    private @Nullable Instant since;

    /** For how long a reader may. */
    public Stall(Duration most) {
        this.most = most;
    }

    /** It took what there was, or there is nothing to take. */
    public void over() {
        since = null;
    }

    /** It leaves what there is. Answers whether it has done so for longer than it may. */
    public boolean isTooLong(Instant now) {
        Instant before = since;
        if (before == null) {
            since = now;
            return false;
        }
        return now.isAfter(before.plus(most));
    }
}
