package io.agentpassport.wire;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServiceError} as the {@code google.rpc.Status} that gRPC carries in the trailer
 * {@code grpc-status-details-bin}.
 */
public final class ErrorDetails {

    /** The domain of every ErrorInfo. */
    public static final String DOMAIN = "agentpassport";

    private ErrorDetails() {}

    /** The status, with one ErrorInfo, and a RetryInfo when waiting helps. */
    public static com.google.rpc.Status encode(ServiceError error) {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(error.code().value())
                .setMessage(error.message())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(error.reason().name())
                        .putAllMetadata(error.metadata())
                        .build()));
        Duration retryAfter = error.retryAfter();
        if (retryAfter != null) {
            status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(WireTime.encode(retryAfter)).build()));
        }
        return status.build();
    }

    /**
     * The error of a status, or null when it carries no ErrorInfo of ours that this version knows: then all that can be
     * relied on is the gRPC code.
     */
    public static @Nullable ServiceError decode(com.google.rpc.Status status) {
        ErrorInfo info = null;
        Duration retryAfter = null;
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    info = detail.unpack(ErrorInfo.class);
                } else if (detail.is(RetryInfo.class)) {
                    var delay = detail.unpack(RetryInfo.class).getRetryDelay();
                    retryAfter = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
                }
            }
        } catch (InvalidProtocolBufferException | ArithmeticException e) {
            return null;
        }
        return info == null ? null
                : decode(info, Status.fromCodeValue(status.getCode()).getCode(),
                        status.getMessage(), retryAfter);
    }

    private static @Nullable ServiceError decode(ErrorInfo info, Status.Code code, String message,
            @Nullable Duration retryAfter) {
        ErrorReason reason = Arrays.stream(ErrorReason.values())
                .filter(known -> known.name().equals(info.getReason()))
                .findFirst()
                .orElse(null);
        if (!info.getDomain().equals(DOMAIN) || reason == null) {
            return null;
        }
        try {
            return new ServiceError(reason, code, message, info.getMetadataMap(), retryAfter);
        } catch (IllegalArgumentException e) {
            // A later version may have other codes or keys for the reason; this one does not know what they mean.
            return null;
        }
    }
}
