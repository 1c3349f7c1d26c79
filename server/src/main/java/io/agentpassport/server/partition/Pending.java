package io.agentpassport.server.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command on its way: one thread at a time has it, from the caller to the writer, the loaders and the answer. */
final class Pending<R extends @Nullable Object> {

    final CompletableFuture<R> future = new CompletableFuture<>();

    /** The one below in the {@link Inbox}. */
    @Nullable
    Pending<?> next;

    private final Command<R> command;
    private final List<Wanted> missed = new ArrayList<>(0);
    private List<LoadedRow> loaded = List.of();
    private @Nullable Answer<R> answer;
    private int bounces;

    /** What decide returned or threw. */
    private sealed interface Answer<R extends @Nullable Object> {
        record Returned<R extends @Nullable Object>(R result) implements Answer<R> {}

        record Threw<R extends @Nullable Object>(Throwable failure) implements Answer<R> {}
    }

    Pending(Command<R> command) {
        this.command = command;
    }

    /** Loads what the command names and what it missed before; on any thread. */
    void load(RowReader reader) {
        command.prefetch(reader);
        for (Wanted wanted : missed) {
            reader.load(wanted);
        }
        loaded = reader.loaded();
    }

    Command<R> command() {
        return command;
    }

    /** Why it failed, null while it did not. */
    @Nullable
    Throwable failure() {
        return answer instanceof Answer.Threw<R>(Throwable failure) ? failure : null;
    }

    /** What was loaded, each row once. */
    List<LoadedRow> loaded() {
        return loaded;
    }

    void decide(Rows rows) {
        answer = new Answer.Returned<>(command.decide(rows));
    }

    void failed(Throwable failure) {
        answer = new Answer.Threw<>(failure);
    }

    /** The command must run again with this row. */
    void bounced(Wanted missing) {
        answer = null;
        if (!missed.contains(missing)) {
            missed.add(missing);
        }
        loaded = List.of();
        bounces++;
    }

    /** How often it ran in vain. */
    int bounces() {
        return bounces;
    }

    /** Answers with what was decided. */
    void complete() {
        switch (answer) {
            case Answer.Returned<R>(R result) -> future.complete(result);
            case Answer.Threw<R>(Throwable failure) -> future.completeExceptionally(failure);
            case null -> throw new IllegalStateException("not decided");
        }
    }

    /** Answers that it was not decided, or to no effect. */
    void refuse(PartitionUnavailable why) {
        future.completeExceptionally(why);
    }
}
