package io.agentpassport.server.rpc;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.tls.AdminCertificate;
import io.agentpassport.wire.ApprovalRequests;
import java.time.Instant;
import java.util.Base64;

/** Whether a decision that somebody sent is what the holder of the connection's certificate signed. */
final class SignedDecisions {

    private SignedDecisions() {}

    /** What checking answers. */
    sealed interface Verdict {}

    /** It is. */
    record Holds(SignedVote vote) implements Verdict {}

    /** The first check that fails, in the contract's words and order. */
    record Fails(String check) implements Verdict {}

    static Verdict check(ApprovalRequests.Decision asked, Approval approval, AdminCertificate admin, Instant now) {
        byte[] signature = asked.signature().toByteArray();
        SignedVote vote = SignedVote.of(admin.name(), asked.statement(), Base64.getEncoder().encodeToString(signature));
        if (vote == null) {
            return new Fails("statement");
        }
        if (!vote.approval().equals(approval.id())) {
            return new Fails("approval_id");
        }
        if (!vote.digest().equals(approval.request().digest())) {
            return new Fails("digest");
        }
        if (vote.approve() != asked.approve()) {
            return new Fails("decision");
        }
        if (!vote.isTimely(now)) {
            return new Fails("issued_at");
        }
        return admin.signed(Jcs.bytes(asked.statement()), signature) ? new Holds(vote) : new Fails("signature");
    }
}
