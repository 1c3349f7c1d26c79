package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Revokes a grant: one row, at which every check of all that hang on it stops. One that was revoked stays as it is. Answers
 * null when there is none, or none that the caller may revoke.
 *
 * @param by
 *            {@code admin NAME}, or the identity of the agent
 * @param agent
 *            must be the subject of a grant above; null when an admin asks
 * @param salt
 *            16 random bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record EndGrant(GrantId id, String by, @Nullable Identity agent, String reason, String requestId, byte[] salt,
        GatewayLog log) implements Command<@Nullable GrantStatus> {

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
        rows.load(GrantRows.GRANTS, id);
        rows.load(GrantRows.REVOCATIONS, id);
    }

    @Override
    public @Nullable GrantStatus decide(Rows rows) {
        Grant grant = rows.get(GrantRows.GRANTS, id);
        if (grant == null || (agent != null && !descendsFrom(rows, grant, agent))) {
            return null;
        }
        if (rows.get(GrantRows.REVOCATIONS, id) != null) {
            return GrantCheck.status(rows, grant);
        }
        GrantRevocation revocation = new GrantRevocation(rows.now(), by, reason);
        rows.put(GrantRows.REVOCATIONS, id, revocation, grant.keptUntil());
        String holder = grant.subject().hashText();
        rows.put(GrantRows.HELD, holder, GrantRows.held(rows, holder).without(id));
        BudgetSessionId session = grant.budgetSession();
        if (session != null) {
            GrantBudgets.revoke(rows, session);
        }
        log.append(rows, "grant_revoked", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, grant.subject().binding())
                .put("issuer_domain", grant.subject().issuerDomain())
                .put("grant_id", id.text())
                .put("by", by)
                .put("reason", reason)
                .put("request_id", requestId)
                .build(), JsonObject.EMPTY, salt);
        return GrantCheck.status(rows, grant);
    }

    private static boolean descendsFrom(Rows rows, Grant grant, Identity agent) {
        for (GrantId above : grant.above()) {
            Grant higher = rows.get(GrantRows.GRANTS, above);
            if (higher != null && higher.subject().equals(agent)) {
                return true;
            }
        }
        return false;
    }
}
