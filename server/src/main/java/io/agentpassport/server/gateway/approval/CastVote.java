package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.approval.Approval.State;
import io.agentpassport.server.gateway.approval.Approval.Vote;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.util.List;

/**
 * Takes a person's decision. One no is enough; a person is counted once.
 *
 * @param comment
 *            at most {@link Approvals#MAX_COMMENT_CHARACTERS}; may be empty
 * @param salt
 *            16 random bytes for the log
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record CastVote(SignedVote vote, String comment, byte[] salt, GatewayLog log)
        implements
            Command<Approvals.VoteOutcome> {

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
        rows.load(ApprovalRows.APPROVALS, vote.approval());
    }

    @Override
    public Approvals.VoteOutcome decide(Rows rows) {
        Approval approval = rows.get(ApprovalRows.APPROVALS, vote.approval());
        if (approval == null) {
            return new Approvals.Unknown();
        }
        Approval.Request asked = approval.request();
        if (!asked.digest().equals(vote.digest())) {
            return new Approvals.NotSigned("digest");
        }
        if (!vote.isTimely(rows.now())) {
            return new Approvals.NotSigned("issued_at");
        }
        List<String> approvers = asked.approvers();
        if (!approvers.isEmpty() && !approvers.contains(vote.approver())) {
            return Approvals.NotYours.NOT_LISTED;
        }
        if (asked.isAnswerable(vote.approver()) && !asked.ownerMay()) {
            return Approvals.NotYours.PRINCIPAL;
        }
        for (Vote cast : approval.votes()) {
            if (cast.approver().equals(vote.approver()) && cast.approved() == vote.approve()) {
                return new Approvals.Voted(approval, approval.stateAt(rows.now()));
            }
        }
        return approval.stateAt(rows.now()) != State.PENDING
                ? new Approvals.Over(approval, approval.stateAt(rows.now()))
                : count(rows, approval);
    }

    private Approvals.VoteOutcome count(Rows rows, Approval approval) {
        long yes = approval.votes()
                .stream()
                .filter(cast -> cast.approved() && !cast.approver().equals(vote.approver()))
                .count() + (vote.approve() ? 1 : 0);
        State next = !vote.approve() ? State.DENIED
                : yes >= approval.request().needed() ? State.APPROVED : State.PENDING;
        Approval after = approval.with(new Vote(vote.approver(), vote.approve(), comment, rows.now()), next);
        ApprovalDesk.put(rows, after);
        // Who decided is for operators: the agent is told what was decided.
        log.append(rows, "approval_voted", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, approval.request().agent().binding())
                .put("issuer_domain", approval.request().agent().issuerDomain())
                .put("approval_id", approval.id().text())
                .put("digest", approval.request().digest())
                .put("approved", JsonBoolean.of(vote.approve()))
                .put("state", next.text())
                .build(),
                JsonObject.builder()
                        .put("approver", vote.approver())
                        .put("comment", comment)
                        .put("statement", vote.statement())
                        .put("signature_b64", vote.signature())
                        .build(),
                salt);
        return new Approvals.Voted(after, next);
    }
}
