package io.agentpassport.client;

import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why something could not be obtained. The message is for people and says what to do; {@link #reason} and
 * {@link #failure} are for programs.
 */
public final class PassportException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("passport-request-id",
            Metadata.ASCII_STRING_MARSHALLER);

    /** What kind of failure it is. */
    public enum Reason {
        /** The service refused the call; {@link #errorReason} says why. */
        REFUSED,
        /** The two sides are not mutually authenticated; {@link #failure} says why. */
        NOT_AUTHENTICATED,
        /** The service cannot be reached, or its TLS certificate is not one that was trusted. */
        UNREACHABLE,
        /** The service is there but cannot serve now; trying again later may help. */
        UNAVAILABLE,
        /** No answer came in time; a write may or may not have taken place. */
        TIMED_OUT,
        /** The service answered what the protocol does not allow. */
        PROTOCOL_VIOLATION,
        /** A file, an option or an argument on our side is wrong. */
        LOCAL
    }

    private final Reason reason;
    private final transient @Nullable ServiceError error;
    private final transient @Nullable Failure failure;
    private final @Nullable String requestId;

    private PassportException(Reason reason, String message, @Nullable ServiceError error, @Nullable Failure failure,
            @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.error = error;
        this.failure = failure;
        this.requestId = requestIdOf(cause);
    }

    private static @Nullable String requestIdOf(@Nullable Throwable cause) {
        Metadata trailers = cause instanceof StatusRuntimeException status ? status.getTrailers() : null;
        String id = trailers == null ? null : trailers.get(REQUEST_ID);
        return id != null && id.matches("[0-9a-f]{16}") ? id : null;
    }

    /** Something on our side is wrong. */
    public static PassportException local(String message) {
        return new PassportException(Reason.LOCAL, message, null, null, null);
    }

    /** Something on our side is wrong, because of something else. */
    public static PassportException local(String message, Throwable cause) {
        return new PassportException(Reason.LOCAL, message, null, null, cause);
    }

    /** The two sides are not mutually authenticated; for who carries the messages of a {@link HandshakePeer}. */
    public static PassportException notAuthenticated(Failure failure, String message) {
        return new PassportException(Reason.NOT_AUTHENTICATED, message + ": " + failure + advice(failure), null,
                failure, null);
    }

    static PassportException timedOut(String message) {
        return new PassportException(Reason.TIMED_OUT, message, null, null, null);
    }

    static PassportException protocolViolation(String message) {
        return new PassportException(Reason.PROTOCOL_VIOLATION, message, null, null, null);
    }

    /** The exception of a failed call to that target. */
    static PassportException of(String target, StatusRuntimeException cause) {
        com.google.rpc.Status details = StatusProto.fromThrowable(cause);
        ServiceError error = details == null ? null : ErrorDetails.decode(details);
        if (error != null) {
            return ofService(error, cause);
        }
        Status status = cause.getStatus();
        String unreached = Unreachable.message(target, status);
        if (unreached != null) {
            return new PassportException(Reason.UNREACHABLE, unreached, null, null, cause);
        }
        String said = status.getDescription() == null ? "" : ": " + status.getDescription();
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED, CANCELLED -> new PassportException(Reason.TIMED_OUT,
                    target + " did not answer in time; try again, or allow a longer deadline", null, null, cause);
            case UNIMPLEMENTED -> new PassportException(Reason.PROTOCOL_VIOLATION,
                    target + " does not offer this call; is it an Agent Passport server of this version?", null, null,
                    cause);
            default -> new PassportException(Reason.PROTOCOL_VIOLATION,
                    target + " answered " + status.getCode() + said, null, null, cause);
        };
    }

    /** The exception of an error that came in another way than by a status. */
    static PassportException of(ServiceError error) {
        return ofService(error, null);
    }

    private static PassportException ofService(ServiceError error, @Nullable Throwable cause) {
        if (error.reason() == ErrorReason.MUTUAL_AUTH_FAILED) {
            MutualAuthFailure why = MutualAuthFailure.fromText(error.metadata().get("reason"));
            String detail = error.metadata().getOrDefault("detail", "");
            if (why != null) {
                var failure = new Failure(why, detail.isEmpty() ? null : detail);
                return new PassportException(Reason.NOT_AUTHENTICATED, error.message() + advice(failure), error,
                        failure, cause);
            }
        }
        boolean unavailable = error.code() == Status.Code.UNAVAILABLE
                || error.code() == Status.Code.RESOURCE_EXHAUSTED;
        return new PassportException(unavailable ? Reason.UNAVAILABLE : Reason.REFUSED, error.message(), error, null,
                cause);
    }

    /** What to do about it, where that is not plain from the words. */
    private static String advice(Failure failure) {
        return switch (failure.reason()) {
            // A session ends with its certificates, so one that is over can show as either.
            case EXPIRED_CERTIFICATE, EXPIRED_SESSION -> "; a certificate is over: renew it or get another";
            case NOT_YET_VALID_CERTIFICATE -> "; a certificate is from the future: check both clocks";
            case REVOKED_ANCHOR -> "; the certificate or its issuer was revoked: ask for another one";
            case REPLAY_DETECTED ->
                "timestamp_skew".equals(failure.detail()) ? "; the two clocks are too far apart: set them" : "";
            default -> "";
        };
    }

    /** What kind of failure it is. */
    public Reason reason() {
        return reason;
    }

    /** Why the service refused, or null when it was not the service that did, or a later version of it. */
    public @Nullable ErrorReason errorReason() {
        return error == null ? null : error.reason();
    }

    /** The values that come with {@link #errorReason}, by the keys documented there; empty without one. */
    public Map<String, String> metadata() {
        return error == null ? Map.of() : error.metadata();
    }

    /** How long to wait before trying again, or null when nothing is known or waiting does not help. */
    public @Nullable Duration retryAfter() {
        return error == null ? null : error.retryAfter();
    }

    /** Which check of the mutual authentication failed, on whichever side; null for other reasons. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Under what number the service's log knows the call, to be quoted to who runs it; null when it told none. */
    public @Nullable String requestId() {
        return requestId;
    }
}
