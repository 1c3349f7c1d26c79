package io.agentpassport.client;

import com.google.protobuf.Timestamp;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Small values between messages and the types of this package. */
final class WireValues {

    private static final int NANOS_PER_MILLI = 1_000_000;

    private WireValues() {}

    static Timestamp timestamp(Instant instant) {
        long millis = instant.toEpochMilli();
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(millis, 1_000))
                .setNanos(Math.floorMod(millis, 1_000) * NANOS_PER_MILLI)
                .build();
    }

    static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.toSeconds())
                .setNanos(duration.toMillisPart() * NANOS_PER_MILLI)
                .build();
    }

    static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    static io.agentpassport.proto.v1.Role role(Role role) {
        return switch (role) {
            case AGENT -> io.agentpassport.proto.v1.Role.ROLE_AGENT;
            case INFORMATION_SYSTEM -> io.agentpassport.proto.v1.Role.ROLE_INFORMATION_SYSTEM;
            case TRUST_ANCHOR -> io.agentpassport.proto.v1.Role.ROLE_TRUST_ANCHOR;
        };
    }

    static Failure failure(io.agentpassport.proto.v1.MutualAuthFailure failure) {
        String word = word(failure.getReason(), "MUTUAL_AUTH_FAILURE_REASON_");
        MutualAuthFailure reason = MutualAuthFailure.fromText(word);
        if (reason == null) {
            throw PassportException.protocolViolation("the service answered a failure that this version does not know: "
                    + word);
        }
        return new Failure(reason, failure.getDetail().isEmpty() ? null : failure.getDetail());
    }

    /** The word of an enum value: its name after the prefix, in lower case. */
    static String word(Enum<?> value, String prefix) {
        String name = value.name();
        return (name.startsWith(prefix) ? name.substring(prefix.length()) : name).toLowerCase(Locale.ROOT);
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
