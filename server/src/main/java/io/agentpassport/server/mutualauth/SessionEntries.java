package io.agentpassport.server.mutualauth;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.audit.EntryDraft;

/** What sessions write in the log of their identity's partition. */
final class SessionEntries {

    private SessionEntries() {}

    static EntryDraft established(LiveSession session) {
        return EntryDraft.open("session_established", of(session.id(), session.row())
                .put("agent_certificate_id", session.agent().id().text())
                .put("expires_at", session.row().record().expiresAtMillis())
                .build());
    }

    /** It made room for another one. */
    static EntryDraft displaced(SessionId id, SessionRow row, SessionId by) {
        return EntryDraft.open("session_displaced", of(id, row).put("by_session_id", by.text()).build());
    }

    static EntryDraft ended(LiveSession session, String reason, String requestId) {
        return EntryDraft.open("session_ended",
                of(session.id(), session.row()).put("reason", reason).put("request_id", requestId).build());
    }

    private static JsonObject.Builder of(SessionId id, SessionRow row) {
        return JsonObject.builder()
                .put(EntryDraft.AGENT_ID, row.identity().binding())
                .put("issuer_domain", row.identity().issuerDomain())
                .put("session_id", id.text());
    }
}
