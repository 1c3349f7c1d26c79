package io.agentpassport.core.toolcall;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What stands for one signed request: in the log, in an approval, and where the same request is known again. The salt in
 * the request keeps a digest from being guessed.
 *
 * @param text {@code sha256:} and 64 lower-case hex digits
 */
public record ToolCallDigest(String text) {

    /** Only the one form. */
    public ToolCallDigest {
        if (!Digest.isSha256Text(text)) {
            throw new IllegalArgumentException("a digest is sha256: and 64 lower-case hex digits");
        }
    }

    /** The digest of a request as parsed: SHA-256 of its canonical form (RFC 8785). */
    public static ToolCallDigest of(JsonObject statement) {
        return new ToolCallDigest(Digest.sha256Text(Jcs.keptBytes(statement)));
    }

    /** The digest of that text, or null when it is not one. */
    public static @Nullable ToolCallDigest fromText(@Nullable String text) {
        return text == null || !Digest.isSha256Text(text) ? null : new ToolCallDigest(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
