package io.agentpassport.core.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The 12 reasons for which mutual authentication fails; the words are part of the protocol. */
public enum MutualAuthFailure {
    /** The certificate's life is over. */
    EXPIRED_CERTIFICATE,
    /** The certificate's life has not begun. */
    NOT_YET_VALID_CERTIFICATE,
    /** No anchor in force has the issuer's key. */
    UNKNOWN_ISSUER,
    /** The issuer's anchor, or the certificate itself, was revoked. */
    REVOKED_ANCHOR,
    /** A signature does not verify, or what it covers is malformed. */
    SIGNATURE_INVALID,
    /** The certificate is not for this binding, role or capability. */
    BINDING_MISMATCH,
    /** A better version than the chosen one was possible. */
    DOWNGRADE_DETECTED,
    /** The attest does not answer our nonce, or not from the peer's. */
    NONCE_MISMATCH,
    /** The chosen version is not one we accept. */
    VERSION_UNSUPPORTED,
    /** The session would be over before it begins. */
    EXPIRED_SESSION,
    /** The attest is too old, from the future, or was used before. */
    REPLAY_DETECTED,
    /** The agent's grade is below what is asked for. */
    GRADE_INSUFFICIENT;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word in answers, such as {@code nonce_mismatch}. */
    public String text() {
        return text;
    }

    /** The reason of that word, or null. */
    public static @Nullable MutualAuthFailure fromText(@Nullable String text) {
        for (MutualAuthFailure failure : values()) {
            if (failure.text.equals(text)) {
                return failure;
            }
        }
        return null;
    }
}
