package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a grant, and of all that hang on it.
 *
 * @param at
 *            in whole milliseconds
 * @param by
 *            {@link GrantAuthor} as text
 * @param reason
 *            at most {@link #MAX_REASON_CHARACTERS}; may be empty
 */
public record GrantRevocation(Instant at, String by, String reason) {

    /** The longest reason, in characters (Unicode code points). */
    public static final int MAX_REASON_CHARACTERS = 256;

    JsonObject json() {
        return JsonObject.builder()
                .put("at", (double) at.toEpochMilli())
                .put("by", by)
                .put("reason", reason)
                .build();
    }

    static @Nullable GrantRevocation fromJson(JsonObject json) {
        Double at = json.number("at");
        String by = json.string("by");
        String reason = json.string("reason");
        return at == null || by == null || reason == null ? null
                : new GrantRevocation(Instant.ofEpochMilli(at.longValue()), by, reason);
    }
}
