package io.agentpassport.server.trust;

import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.trust.TrustAnchor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An anchor of the service's own.
 *
 * @param anchor
 *            complete, as it stands in our bundle
 * @param revoked
 *            when and why it was revoked; null while it is in force
 */
public record OwnAnchor(TrustAnchor anchor, @Nullable Mark revoked) {

    /**
     * A revocation of it.
     *
     * @param at
     *            in whole milliseconds
     * @param reason
     *            for people, 1 to 256 characters
     */
    public record Mark(Instant at, String reason) {}

    JsonObject json() {
        JsonObject.Builder members = JsonObject.builder().put("anchor", anchor.json());
        Mark mark = revoked;
        if (mark == null) {
            members.put("revoked", JsonNull.NULL);
        } else {
            members.put("revoked",
                    JsonObject.builder().put("at", (double) mark.at.toEpochMilli()).put("reason", mark.reason).build());
        }
        return members.build();
    }

    static @Nullable OwnAnchor fromJson(JsonObject json) {
        JsonObject document = json.object("anchor");
        TrustAnchor anchor = document == null ? null : TrustAnchor.fromJson(document);
        if (anchor == null) {
            return null;
        }
        if (json.isUnset("revoked")) {
            return new OwnAnchor(anchor, null);
        }
        JsonObject revoked = json.object("revoked");
        Double at = revoked == null ? null : revoked.number("at");
        String reason = revoked == null ? null : revoked.string("reason");
        return at == null || reason == null ? null
                : new OwnAnchor(anchor, new Mark(Instant.ofEpochMilli(at.longValue()), reason));
    }
}
