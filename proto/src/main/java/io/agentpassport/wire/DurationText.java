package io.agentpassport.wire;

import java.time.Duration;

/** Durations as people read and type them: a whole number of the largest unit that holds them exactly, as 30d or 90s. */
public final class DurationText {

    private DurationText() {}

    /** The text of a duration in whole milliseconds; what is finer is left out. */
    public static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % Duration.ofDays(1).toMillis() == 0) {
            return duration.toDays() + "d";
        }
        if (millis % Duration.ofHours(1).toMillis() == 0) {
            return duration.toHours() + "h";
        }
        if (millis % Duration.ofMinutes(1).toMillis() == 0) {
            return duration.toMinutes() + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
}
