package io.agentpassport.server.policy;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How long a counter counts before it begins anew. In UTC, and aligned to 1970: two nodes, or one before and after a
 * restart, agree without speaking.
 *
 * @param kind
 *            whether it has a fixed length
 * @param seconds
 *            its length, 1 second to 366 days; 0 for month, total and inflight
 */
public record Window(Kind kind, long seconds) {

    /** A minute. */
    public static final Window MINUTE = ofSeconds(60);
    /** An hour. */
    public static final Window HOUR = ofSeconds(3_600);
    /** A day, from midnight UTC. */
    public static final Window DAY = ofSeconds(86_400);
    /** A calendar month, from the first at midnight UTC. */
    public static final Window MONTH = new Window(Kind.MONTH, 0);
    /** Never anew. */
    public static final Window TOTAL = new Window(Kind.TOTAL, 0);
    /** While the call runs. */
    public static final Window INFLIGHT = new Window(Kind.INFLIGHT, 0);

    /** The longest window of a fixed length. */
    public static final long MAX_SECONDS = 366L * 86_400;

    /** Whether a window has a fixed length. */
    public enum Kind {
        /** So many seconds. */
        SECONDS,
        /** A calendar month. */
        MONTH,
        /** For ever. */
        TOTAL,
        /** As long as the call runs; what was taken is given back. */
        INFLIGHT
    }

    /** Only a window of seconds has a length. */
    public Window {
        if (kind == Kind.SECONDS ? seconds < 1 || seconds > MAX_SECONDS : seconds != 0) {
            throw new IllegalArgumentException("a window is 1 second to 366 days long");
        }
    }

    /** A window of 1 to {@link #MAX_SECONDS} seconds. */
    public static Window ofSeconds(long seconds) {
        return new Window(Kind.SECONDS, seconds);
    }

    /** The window of {@code minute|hour|day|month|total|inflight}, or of a text such as {@code 90s}, {@code 15m}; or null. */
    public static @Nullable Window fromText(String text) {
        return switch (text) {
            case "minute" -> MINUTE;
            case "hour" -> HOUR;
            case "day" -> DAY;
            case "month" -> MONTH;
            case "total" -> TOTAL;
            case "inflight" -> INFLIGHT;
            default -> {
                long seconds = Members.secondsOf(text);
                yield seconds < 1 || seconds > MAX_SECONDS ? null : ofSeconds(seconds);
            }
        };
    }

    /** Whether it goes by time, so that it can slide, or fill. */
    public boolean isTimed() {
        return kind == Kind.SECONDS || kind == Kind.MONTH;
    }

    /** When the window that holds an instant began; the epoch for total and inflight. */
    public Instant start(Instant at) {
        return switch (kind) {
            case SECONDS -> Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
            case MONTH -> LocalDate.ofInstant(at, ZoneOffset.UTC)
                    .withDayOfMonth(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
            case TOTAL, INFLIGHT -> Instant.EPOCH;
        };
    }

    /** When the window that holds an instant ends, itself outside; null for total and inflight, which do not. */
    public @Nullable Instant end(Instant at) {
        return switch (kind) {
            case SECONDS -> start(at).plusSeconds(seconds);
            case MONTH -> LocalDate.ofInstant(at, ZoneOffset.UTC)
                    .withDayOfMonth(1)
                    .plusMonths(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
            case TOTAL, INFLIGHT -> null;
        };
    }

    /** The text of this window: its name, or its seconds as {@code 90s}. */
    public String text() {
        return switch (kind) {
            case SECONDS -> seconds == 60 ? "minute"
                    : seconds == 3_600 ? "hour"
                            : seconds == 86_400 ? "day" : DurationText.of(Duration.ofSeconds(seconds));
            case MONTH -> "month";
            case TOTAL -> "total";
            case INFLIGHT -> "inflight";
        };
    }

    @Override
    public String toString() {
        return text();
    }
}
