package io.agentpassport.wire;

import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_BINDING_MISMATCH;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_DOWNGRADE_DETECTED;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_EXPIRED_CERTIFICATE;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_EXPIRED_SESSION;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_GRADE_INSUFFICIENT;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_NONCE_MISMATCH;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_NOT_YET_VALID_CERTIFICATE;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_REPLAY_DETECTED;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_REVOKED_ANCHOR;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_SIGNATURE_INVALID;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_UNKNOWN_ISSUER;
import static io.agentpassport.proto.v1.MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_VERSION_UNSUPPORTED;

import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.proto.v1.MutualAuthFailureReason;
import org.jspecify.annotations.Nullable;

/** The twelve reasons on the wire and in core: the same list twice. */
public final class MutualAuthFailures {

    private MutualAuthFailures() {}

    /** The message of a refusal. */
    public static io.agentpassport.proto.v1.MutualAuthFailure encode(Failure failure) {
        var message = io.agentpassport.proto.v1.MutualAuthFailure.newBuilder().setReason(encode(failure.reason()));
        String detail = failure.detail();
        return (detail == null ? message : message.setDetail(detail)).build();
    }

    /** The refusal of a message, or null when it names no reason that this version knows. */
    public static @Nullable Failure decode(io.agentpassport.proto.v1.MutualAuthFailure message) {
        MutualAuthFailure reason = decode(message.getReason());
        return reason == null ? null : new Failure(reason, message.getDetail().isEmpty() ? null : message.getDetail());
    }

    static MutualAuthFailureReason encode(MutualAuthFailure reason) {
        return switch (reason) {
            case EXPIRED_CERTIFICATE -> MUTUAL_AUTH_FAILURE_REASON_EXPIRED_CERTIFICATE;
            case NOT_YET_VALID_CERTIFICATE -> MUTUAL_AUTH_FAILURE_REASON_NOT_YET_VALID_CERTIFICATE;
            case UNKNOWN_ISSUER -> MUTUAL_AUTH_FAILURE_REASON_UNKNOWN_ISSUER;
            case REVOKED_ANCHOR -> MUTUAL_AUTH_FAILURE_REASON_REVOKED_ANCHOR;
            case SIGNATURE_INVALID -> MUTUAL_AUTH_FAILURE_REASON_SIGNATURE_INVALID;
            case BINDING_MISMATCH -> MUTUAL_AUTH_FAILURE_REASON_BINDING_MISMATCH;
            case DOWNGRADE_DETECTED -> MUTUAL_AUTH_FAILURE_REASON_DOWNGRADE_DETECTED;
            case NONCE_MISMATCH -> MUTUAL_AUTH_FAILURE_REASON_NONCE_MISMATCH;
            case VERSION_UNSUPPORTED -> MUTUAL_AUTH_FAILURE_REASON_VERSION_UNSUPPORTED;
            case EXPIRED_SESSION -> MUTUAL_AUTH_FAILURE_REASON_EXPIRED_SESSION;
            case REPLAY_DETECTED -> MUTUAL_AUTH_FAILURE_REASON_REPLAY_DETECTED;
            case GRADE_INSUFFICIENT -> MUTUAL_AUTH_FAILURE_REASON_GRADE_INSUFFICIENT;
        };
    }

    static @Nullable MutualAuthFailure decode(MutualAuthFailureReason reason) {
        for (MutualAuthFailure known : MutualAuthFailure.values()) {
            if (encode(known) == reason) {
                return known;
            }
        }
        return null;
    }
}
