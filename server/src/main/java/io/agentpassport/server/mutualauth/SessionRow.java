package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored.
 *
 * @param identity
 *            the agent's, by the trust in force when the session was made
 * @param record
 *            what both sides hold; its canonical bytes are those that the agent was answered
 * @param end
 *            null unless it was displaced or ended
 */
record SessionRow(Identity identity, Session record, @Nullable SessionEnd end) {

    /** The same session, over. */
    SessionRow endedBy(SessionEnd by) {
        return new SessionRow(identity, record, by);
    }

    /** The first instant at which the row is gone. */
    Instant expiresAt() {
        return Instant.ofEpochMilli((long) record.expiresAtMillis()).plus(MutualAuthLimits.RETENTION);
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("issuer_domain", identity.issuerDomain())
                .put("binding", identity.binding())
                .put("record", record.json())
                .put("end", end == null ? JsonNull.NULL : end.json())
                .build();
    }

    static @Nullable SessionRow fromJson(JsonObject json) {
        Identity identity = IdentityJson.read(json);
        JsonObject document = json.object("record");
        Session record = document == null ? null : Session.fromJson(document);
        JsonObject ended = json.object("end");
        SessionEnd end = ended == null ? null : SessionEnd.fromJson(ended);
        if (identity == null || record == null || (end == null && !json.isUnset("end"))) {
            return null;
        }
        return new SessionRow(identity, record, end);
    }
}
