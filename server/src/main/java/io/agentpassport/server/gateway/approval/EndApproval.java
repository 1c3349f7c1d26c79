package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.approval.Approval.State;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/**
 * Writes down that the time of an approval is over: which is a no. Answers whether it was.
 *
 * @param salt
 *            16 random bytes for the log
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record EndApproval(ApprovalId id, byte[] salt, GatewayLog log) implements Command<Boolean> {

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
        rows.load(ApprovalRows.APPROVALS, id);
    }

    @Override
    public Boolean decide(Rows rows) {
        Approval approval = rows.get(ApprovalRows.APPROVALS, id);
        if (approval == null || approval.stage() == State.EXPIRED || approval.stateAt(rows.now()) != State.EXPIRED) {
            return false;
        }
        ApprovalDesk.put(rows, approval.at(State.EXPIRED));
        log.append(rows, "approval_expired", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, approval.request().agent().binding())
                .put("issuer_domain", approval.request().agent().issuerDomain())
                .put("approval_id", id.text())
                .put("digest", approval.request().digest())
                .build(), JsonObject.EMPTY, salt);
        return true;
    }
}
