package io.agentpassport.server.trust;

import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of our certificates was revoked.
 *
 * @param at
 *            when, in whole milliseconds
 * @param reason
 *            for people, 1 to 256 characters
 * @param notAfter
 *            when the certificate's life ends by itself, in whole milliseconds
 */
public record Revocation(Instant at, String reason, Instant notAfter) {

    /** Whether a verifier whose clock is behind could still take the certificate. */
    boolean matters(Instant now) {
        return !now.isAfter(notAfter.plus(TrustLimits.REVOCATION_GRACE));
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("at", (double) at.toEpochMilli())
                .put("reason", reason)
                .put("not_after", (double) notAfter.toEpochMilli())
                .build();
    }

    static @Nullable Revocation fromJson(JsonObject json) {
        Double at = json.number("at");
        String reason = json.string("reason");
        Double notAfter = json.number("not_after");
        return at == null || reason == null || notAfter == null ? null
                : new Revocation(Instant.ofEpochMilli(at.longValue()), reason,
                        Instant.ofEpochMilli(notAfter.longValue()));
    }
}
