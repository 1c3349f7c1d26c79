package io.agentpassport.server.gateway.limit;

import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/** Windows as numbers: which one a millisecond is in, when it ends, and what stands for it on disk. */
final class Alignment {

    /** The index of what never begins anew. */
    private static final long ONLY = 0;

    private static final long MILLIS = 1000;
    private static final long DAY_MILLIS = 24 * 60 * 60 * MILLIS;
    private static final long MONTHS = 12;

    private Alignment() {}

    /** Which window a millisecond is in, counted from 1970, of months from the year 0. */
    static long indexAt(Window window, long millis) {
        return switch (window.kind()) {
            case SECONDS -> Math.floorDiv(millis, lengthMillis(window));
            case MONTH -> LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS)).getLong(ChronoField.PROLEPTIC_MONTH);
            case TOTAL, INFLIGHT -> ONLY;
        };
    }

    /** The first millisecond after the window of that index; {@link CounterState#NEVER} when it does not end. */
    static long endOf(Window window, long index) {
        return switch (window.kind()) {
            case SECONDS -> (index + 1) * lengthMillis(window);
            case MONTH -> LocalDate
                    .of((int) Math.floorDiv(index + 1, MONTHS), (int) Math.floorMod(index + 1, MONTHS) + 1, 1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
            case TOTAL, INFLIGHT -> CounterState.NEVER;
        };
    }

    /** How long a window of seconds is. */
    static long lengthMillis(Window window) {
        if (window.kind() != Window.Kind.SECONDS) {
            throw new IllegalArgumentException("a " + window + " has no fixed length");
        }
        return window.seconds() * MILLIS;
    }

    static int code(Window.Kind kind) {
        return switch (kind) {
            case SECONDS -> 0;
            case MONTH -> 1;
            case TOTAL -> 2;
            case INFLIGHT -> 3;
        };
    }

    static Window windowOf(int code, long seconds) {
        Window.Kind kind = switch (code) {
            case 0 -> Window.Kind.SECONDS;
            case 1 -> Window.Kind.MONTH;
            case 2 -> Window.Kind.TOTAL;
            case 3 -> Window.Kind.INFLIGHT;
            default -> throw new IllegalArgumentException("no kind of window is " + code);
        };
        return new Window(kind, seconds);
    }

    /** On disk, like all codes; rows of open calls have others ({@code OpenCall}), and neither may change. */
    static int code(LimitAlgorithm algorithm) {
        return switch (algorithm) {
            case FIXED -> 0;
            case SLIDING -> 1;
            case TOKEN_BUCKET -> 2;
        };
    }

    static LimitAlgorithm algorithmOf(int code) {
        return switch (code) {
            case 0 -> LimitAlgorithm.FIXED;
            case 1 -> LimitAlgorithm.SLIDING;
            case 2 -> LimitAlgorithm.TOKEN_BUCKET;
            default -> throw new IllegalArgumentException("no algorithm is " + code);
        };
    }
}
