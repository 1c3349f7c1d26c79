package io.agentpassport.wire;

import io.agentpassport.proto.v1.ToolCallFailure;
import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A {@link ServiceError} of one call on a stream, which cannot end with it. */
public final class ToolCallFailures {

    private ToolCallFailures() {}

    /** The message of an error. */
    static ToolCallFailure encode(ServiceError error) {
        var message = ToolCallFailure.newBuilder()
                .setCode(error.code().value())
                .setReason(error.reason().name())
                .setMessage(error.message())
                .putAllMetadata(error.metadata());
        Duration retryAfter = error.retryAfter();
        return (retryAfter == null ? message : message.setRetryAfter(WireTime.encode(retryAfter))).build();
    }

    /** The error of a message, or null when it is none that this version knows. */
    public static @Nullable ServiceError decode(ToolCallFailure message) {
        ErrorReason reason = Arrays.stream(ErrorReason.values())
                .filter(known -> known.name().equals(message.getReason()))
                .findFirst()
                .orElse(null);
        if (reason == null) {
            return null;
        }
        try {
            Duration retryAfter = message.hasRetryAfter()
                    ? Duration.ofSeconds(message.getRetryAfter().getSeconds(), message.getRetryAfter().getNanos())
                    : null;
            return new ServiceError(reason, Status.fromCodeValue(message.getCode()).getCode(), message.getMessage(),
                    message.getMetadataMap(), retryAfter);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }
}
