package io.agentpassport.server.issuance;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.EntryDraft;

/** What issuance writes in the log. */
final class IssuanceEntries {

    private IssuanceEntries() {}

    /** A certificate is in force: whose, by what right, and until when. */
    static EntryDraft issued(IssuedCertificate issued) {
        return EntryDraft.open("certificate_issued", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, issued.binding())
                .put("issuer_domain", issued.issuerDomain())
                .put("certificate_id", issued.id().text())
                .put("principal", issued.enrolment().principal())
                .put("by", issued.by())
                .put("not_after", (double) issued.notAfter().toEpochMilli())
                .build());
    }

    /** Somebody may get a certificate by a token; its secret is not here. */
    static EntryDraft tokenCreated(JoinToken token) {
        return EntryDraft.open("join_token_created", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, token.terms().binding())
                .put("role", token.terms().role().text())
                .put("principal", token.terms().enrolment().principal())
                .put("join_token_id", token.id())
                .put("request_id", token.requestId())
                .put("expires_at", (double) token.expiresAt().toEpochMilli())
                .build());
    }

    /** A token was tried with wrong secrets until it was burnt. */
    static EntryDraft tokenBurnt(JoinToken token) {
        return EntryDraft.open("join_token_burnt", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, token.terms().binding())
                .put("join_token_id", token.id())
                .build());
    }
}
