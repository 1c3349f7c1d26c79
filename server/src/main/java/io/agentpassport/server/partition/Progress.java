package io.agentpassport.server.partition;

import java.time.Instant;

/** How far a partition has come, for everybody to see: set by the writer, read by any thread. */
final class Progress {

    private volatile Mark mark = new Mark(0, Instant.EPOCH);

    /**
     * A moment in the life of a partition.
     *
     * @param seq
     *            the newest commit that is durable
     * @param now
     *            the newest time that anything was decided at; nothing is ever decided at an earlier one
     */
    record Mark(long seq, Instant now) {}

    Mark mark() {
        return mark;
    }

    void at(long seq, Instant now) {
        if (mark.seq != seq || !mark.now.equals(now)) {
            mark = new Mark(seq, now);
        }
    }
}
