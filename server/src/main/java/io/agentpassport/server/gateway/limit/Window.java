package io.agentpassport.server.gateway.limit;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The time over which a counter counts: {@code minute}, {@code hour}, {@code day}, {@code month}, {@code total},
 * {@code inflight}, or a length such as {@code 90s} or {@code 15m}. One length is one window, however it is written.
 *
 * @param kind
 *            what it is
 * @param seconds
 *            the length, 1 to {@link #MAX_SECONDS}; 0 for what is no length
 */
public record Window(Kind kind, long seconds) {

    /** The longest length: 366 days. */
    public static final long MAX_SECONDS = 366L * 24 * 60 * 60;

    public static final Window MINUTE = new Window(Kind.LENGTH, 60);
    public static final Window HOUR = new Window(Kind.LENGTH, 60 * 60);
    public static final Window DAY = new Window(Kind.LENGTH, 24 * 60 * 60);

    /** A month of the calendar in UTC; where a length is needed, 31 days. */
    public static final Window MONTH = new Window(Kind.MONTH, 0);

    /** All time. */
    public static final Window TOTAL = new Window(Kind.TOTAL, 0);

    /** What is under way now: counted when a call is let through, given back when it is settled. */
    public static final Window INFLIGHT = new Window(Kind.INFLIGHT, 0);

    /** The index and the end of what has no windows. */
    static final long NONE = 0;

    private static final long MILLIS = 1000;
    private static final long LONGEST_MONTH_SECONDS = 31L * 24 * 60 * 60;
    private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    /** What a window can be. */
    public enum Kind {
        LENGTH(0), MONTH(1), TOTAL(2), INFLIGHT(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** On disk. */
        int code() {
            return code;
        }

        static Kind fromCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of window has the number " + code);
        }
    }

    public Window {
        if (kind == Kind.LENGTH ? seconds < 1 || seconds > MAX_SECONDS : seconds != 0) {
            throw new IllegalArgumentException("a window has 1 s to 366 days, or is named");
        }
    }

    /** A window of a length in seconds, 1 to {@link #MAX_SECONDS}. */
    public static Window ofSeconds(long seconds) {
        return new Window(Kind.LENGTH, seconds);
    }

    /** The window of that text, or null. */
    public static @Nullable Window fromText(@Nullable String text) {
        return switch (text) {
            case null -> null;
            case "minute" -> MINUTE;
            case "hour" -> HOUR;
            case "day" -> DAY;
            case "month" -> MONTH;
            case "total" -> TOTAL;
            case "inflight" -> INFLIGHT;
            default -> fromLength(text);
        };
    }

    private static @Nullable Window fromLength(String text) {
        Matcher length = LENGTH.matcher(text);
        if (!length.matches()) {
            return null;
        }
        long unit = switch (length.group(2)) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 60 * 60;
            default -> 24 * 60 * 60;
        };
        long seconds = Long.parseLong(length.group(1)) * unit;
        return seconds > MAX_SECONDS ? null : ofSeconds(seconds);
    }

    /** The one text of this window: {@code minute}, not {@code 60s}. */
    public String text() {
        return switch (kind) {
            case MONTH -> "month";
            case TOTAL -> "total";
            case INFLIGHT -> "inflight";
            case LENGTH -> {
                if (equals(MINUTE)) {
                    yield "minute";
                }
                if (equals(HOUR)) {
                    yield "hour";
                }
                yield equals(DAY) ? "day" : seconds + "s";
            }
        };
    }

    /** Whether it goes by time, so that all three algorithms make sense; otherwise only {@link Algorithm#FIXED} does. */
    public boolean isTimed() {
        return kind == Kind.LENGTH || kind == Kind.MONTH;
    }

    /** Which of the windows an instant is in, aligned in UTC: indexes grow with time. */
    long indexAt(long millis) {
        return switch (kind) {
            case LENGTH -> Math.floorDiv(millis, seconds * MILLIS);
            case MONTH -> LocalDate.ofEpochDay(Math.floorDiv(millis, DAY.lengthMillis()))
                    .getLong(
                            ChronoField.PROLEPTIC_MONTH);
            case TOTAL, INFLIGHT -> NONE;
        };
    }

    /** The first millisecond after a window, of what is timed. */
    long endOf(long index) {
        return switch (kind) {
            case LENGTH -> (index + 1) * seconds * MILLIS;
            case MONTH -> LocalDate.of((int) Math.floorDiv(index + 1, 12L), (int) Math.floorMod(index + 1, 12L) + 1, 1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
            case TOTAL, INFLIGHT -> throw new IllegalStateException("what is not timed has no end");
        };
    }

    /** How long it is, of what is timed. */
    long lengthMillis() {
        return switch (kind) {
            case LENGTH -> seconds * MILLIS;
            case MONTH -> LONGEST_MONTH_SECONDS * MILLIS;
            case TOTAL, INFLIGHT -> throw new IllegalStateException("what is not timed has no length");
        };
    }

    @Override
    public String toString() {
        return text();
    }
}
