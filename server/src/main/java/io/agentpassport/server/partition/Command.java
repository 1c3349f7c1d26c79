package io.agentpassport.server.partition;

import org.jspecify.annotations.Nullable;

/**
 * Something to be decided in order with everything else of its partition.
 *
 * <p>
 * {@link #decide} runs on the writer, possibly more than once: when it asks for a row that is not in memory, all it staged
 * is dropped, the row is loaded elsewhere, and it runs again from the start. So it must be a pure function of the rows and
 * of {@link Rows#now()}: no clock, no randomness (draw it before submitting), no I/O, no waiting, and no effect other than
 * through {@link Rows}. What it takes in its constructor must be verified already. It has some microseconds: everybody
 * waits behind it.
 *
 * <p>
 * A refusal is a result, not an exception. When decide throws, nothing it staged is kept and its own future fails with
 * what it threw; the other commands of the group are not touched.
 *
 * @param <R>
 *            what the caller is answered, after the effects are durable
 */
@FunctionalInterface
public interface Command<R extends @Nullable Object> {

    /**
     * Names the rows that decide will ask for, so that those not in memory are loaded before the queue. Runs on the caller's
     * thread, and again on a loader's after a bounce. Optional: what it leaves out costs a bounce.
     */
    default void prefetch(RowReader rows) {}

    /** Decides: reads rows, stages puts and deletes, and says what to answer. */
    R decide(Rows rows);
}
