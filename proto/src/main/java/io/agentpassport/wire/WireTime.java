package io.agentpassport.wire;

import com.google.protobuf.Timestamp;
import io.agentpassport.core.time.DurationText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Instants and durations on the wire. Documents count unix milliseconds as binary64, messages use the protobuf types;
 * of these only whole milliseconds between the years 1 and 9999 are taken.
 */
public final class WireTime {

    private static final long MIN_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    private static final long MAX_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final int NANOS_PER_MILLI = 1_000_000;

    private WireTime() {}

    /** The instant as documents count it, in unix milliseconds; exact, for protobuf's years are far below 2^53 ms. */
    public static double millis(Instant instant) {
        return (double) instant.toEpochMilli();
    }

    /** The message of an instant, without what is below the millisecond. */
    public static Timestamp encode(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano() / NANOS_PER_MILLI * NANOS_PER_MILLI)
                .build();
    }

    /** The message of a duration, without what is below the millisecond. */
    public static com.google.protobuf.Duration encode(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.toMillis() / 1_000)
                .setNanos((int) (duration.toMillis() % 1_000) * NANOS_PER_MILLI)
                .build();
    }

    /** The message of a document's time in unix milliseconds, or null when none can hold it, or there is no time. */
    static @Nullable Timestamp encodeMillis(@Nullable Double millis) {
        if (millis == null || !Double.isFinite(millis)) {
            return null;
        }
        BigDecimal wholeMillis = new BigDecimal(millis).setScale(0, RoundingMode.FLOOR);
        if (wholeMillis.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return null;
        }
        Instant instant = Instant.ofEpochMilli(wholeMillis.longValueExact());
        boolean fits = instant.getEpochSecond() >= MIN_SECOND && instant.getEpochSecond() <= MAX_SECOND;
        return fits ? encode(instant) : null;
    }

    /** The instant of a message of whole milliseconds. */
    static Instant decode(String field, Timestamp timestamp) {
        boolean inRange = timestamp.getSeconds() >= MIN_SECOND && timestamp.getSeconds() <= MAX_SECOND
                && timestamp.getNanos() >= 0 && timestamp.getNanos() < 1_000 * NANOS_PER_MILLI;
        if (!inRange) {
            throw Malformed.field(field, "must be an instant between the years 1 and 9999");
        }
        if (timestamp.getNanos() % NANOS_PER_MILLI != 0) {
            throw Malformed.field(field, "must be in whole milliseconds");
        }
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    /** The duration of a message of whole milliseconds, between the two limits, both inclusive. */
    static Duration decode(String field, com.google.protobuf.Duration duration, Duration least, Duration most) {
        // Bounded first, so that the sum cannot overflow.
        boolean plausible = Math.abs(duration.getSeconds()) <= 315_576_000_000L
                && Math.abs((long) duration.getNanos()) < 1_000L * NANOS_PER_MILLI
                && duration.getNanos() % NANOS_PER_MILLI == 0;
        if (!plausible) {
            throw Malformed.field(field, "must be a duration in whole milliseconds");
        }
        Duration decoded = Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
        if (decoded.compareTo(least) < 0 || decoded.compareTo(most) > 0) {
            throw Malformed.field(field,
                    "must be " + DurationText.of(least) + " to " + DurationText.of(most) + ", not "
                            + DurationText.of(decoded));
        }
        return decoded;
    }
}
