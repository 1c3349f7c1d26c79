package io.agentpassport.server.partition;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands that were decided together and are answered together. */
final class Group {

    private final List<Pending<?>> decided = new ArrayList<>();
    private final List<Pending<?>> bounced = new ArrayList<>(0);
    private @Nullable PartitionUnavailable failure;

    void add(Pending<?> pending) {
        decided.add(pending);
    }

    void bounce(Pending<?> pending) {
        bounced.add(pending);
    }

    /** In the order in which they were decided. */
    List<Pending<?>> decided() {
        return decided;
    }

    /** How many are to be answered. */
    int size() {
        return decided.size();
    }

    /** Those that must be loaded and queued again. */
    List<Pending<?>> bounced() {
        return bounced;
    }

    /** What the group decided is not durable, or may not be: all of its callers hear the same. */
    void fail(PartitionUnavailable why) {
        failure = why;
    }

    /** Completes every future. Runs where callers' continuations may run. */
    void answer() {
        PartitionUnavailable why = failure;
        for (Pending<?> pending : decided) {
            if (why == null) {
                pending.complete();
            } else {
                pending.refuse(why);
            }
        }
    }
}
