package io.agentpassport.client;

import com.google.protobuf.Timestamp;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.wire.MutualAuthFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Small values between messages and the types of this package. */
final class WireValues {

    private WireValues() {}

    static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    static Failure failure(io.agentpassport.proto.v1.MutualAuthFailure failure) {
        Failure known = MutualAuthFailures.decode(failure);
        if (known == null) {
            throw PassportException.protocolViolation("the service answered a failure that this version does not know: "
                    + word(failure.getReason(), "MUTUAL_AUTH_FAILURE_REASON_"));
        }
        return known;
    }

    /** The word of an enum value: its name after the prefix, in lower case. */
    static String word(Enum<?> value, String prefix) {
        String name = value.name();
        return (name.startsWith(prefix) ? name.substring(prefix.length()) : name).toLowerCase(Locale.ROOT);
    }

    /** The value of such a word; the unspecified one for null. */
    static <E extends Enum<E>> E ofWord(Class<E> type, String prefix, @Nullable String word) {
        try {
            return Enum.valueOf(type, prefix + (word == null ? "UNSPECIFIED" : word.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw PassportException.local("there is no state " + word);
        }
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
