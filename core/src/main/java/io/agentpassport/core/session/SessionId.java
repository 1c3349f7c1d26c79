package io.agentpassport.core.session;

import io.agentpassport.core.crypto.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The name of a session: {@code sha256:} and the digest of what both sides agreed on. Public, and never a credential.
 *
 * @param text {@code sha256:} and 64 lower-case hex digits
 */
public record SessionId(String text) {

    /** Only the one form. */
    public SessionId {
        if (!Digest.isSha256Text(text)) {
            throw new IllegalArgumentException("a session id is sha256: and 64 lower-case hex digits");
        }
    }

    /** The id of that text, or null when it is not one. */
    public static @Nullable SessionId fromText(@Nullable String text) {
        return text == null || !Digest.isSha256Text(text) ? null : new SessionId(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
