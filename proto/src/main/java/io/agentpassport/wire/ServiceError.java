package io.agentpassport.wire;

import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed, with all that goes on the wire of it. {@link ServiceErrors} makes them, one method a reason, and
 * {@link ErrorDetails} writes and reads them.
 *
 * @param reason which of the closed list
 * @param code the gRPC code, one of the reason's
 * @param message for people: what is wrong and what to do, without secrets; cut at {@link Limits#ERROR_MESSAGE_CHARS}
 * @param metadata for programs: exactly the reason's keys; a value longer than {@link Limits#ERROR_METADATA_CHARS} is
 *        cut
 * @param retryAfter when it may pay to try again; null when waiting does not help
 */
public record ServiceError(ErrorReason reason, Status.Code code, String message, Map<String, String> metadata,
        @Nullable Duration retryAfter) {

    /** The code and the metadata are those that the reason promises. */
    public ServiceError {
        if (!reason.codes().contains(code)) {
            throw new IllegalArgumentException(reason + " comes with " + reason.codes() + ", not with " + code);
        }
        if (!metadata.keySet().equals(Set.copyOf(reason.metadataKeys()))) {
            throw new IllegalArgumentException(
                    reason + " has the metadata " + reason.metadataKeys() + ", not " + metadata.keySet());
        }
        message = cut(message, Limits.ERROR_MESSAGE_CHARS);
        var cut = new TreeMap<String, String>();
        metadata.forEach((key, value) -> cut.put(key, cut(value, Limits.ERROR_METADATA_CHARS)));
        metadata = Map.copyOf(cut);
    }

    /** The error of a reason that has one code, with its metadata as keys and values in turn. */
    static ServiceError of(ErrorReason reason, String message, String... metadata) {
        return new ServiceError(reason, reason.codes().iterator().next(), message, pairs(metadata), null);
    }

    /** A field of the request, by its path, and what is wrong with it. */
    static ServiceError invalidField(String field, String problem) {
        return of(ErrorReason.INVALID_FIELD, field + " " + problem, "field", field, "problem", problem);
    }

    /** The error of a failed mutual authentication; its code is that of the reason in mutual_auth.proto. */
    static ServiceError of(Failure failure) {
        String detail = failure.detail();
        return new ServiceError(ErrorReason.MUTUAL_AUTH_FAILED, codeOf(failure.reason()),
                "mutual authentication failed: " + failure,
                pairs("reason", failure.reason().text(), "detail", detail == null ? "" : detail), null);
    }

    /** This error, with the advice to wait so long. */
    public ServiceError withRetryAfter(Duration delay) {
        return new ServiceError(reason, code, message, metadata, delay);
    }

    private static Status.Code codeOf(MutualAuthFailure reason) {
        return switch (reason) {
            case EXPIRED_CERTIFICATE, NOT_YET_VALID_CERTIFICATE, UNKNOWN_ISSUER, REVOKED_ANCHOR, SIGNATURE_INVALID,
                    NONCE_MISMATCH, REPLAY_DETECTED, EXPIRED_SESSION ->
                Status.Code.UNAUTHENTICATED;
            case BINDING_MISMATCH, GRADE_INSUFFICIENT -> Status.Code.PERMISSION_DENIED;
            case VERSION_UNSUPPORTED, DOWNGRADE_DETECTED -> Status.Code.FAILED_PRECONDITION;
        };
    }

    private static Map<String, String> pairs(String... keysAndValues) {
        var pairs = new TreeMap<String, String>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            pairs.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return pairs;
    }

    private static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        // Never between the halves of a pair.
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars);
    }
}
