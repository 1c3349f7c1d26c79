package io.agentpassport.server.issuance;

import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.issuance.IssuanceRows.Answered;
import io.agentpassport.server.issuance.IssuanceRows.Enrolled;
import io.agentpassport.server.issuance.IssuanceRows.TokenRequest;
import io.agentpassport.server.issuance.IssueOutcome.Issued;
import io.agentpassport.server.issuance.IssueOutcome.TokenInvalid;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Puts a signed certificate in force, once for its proof, and uses up its join token in the same commit.
 *
 * @param proofDigest
 *            see {@link CheckedProof#digest}
 * @param token
 *            the join token as it was read when the certificate was signed; null when it is issued by another right
 */
record IssueCertificate(IssuedCertificate issued, String proofDigest,
        @Nullable JoinToken token) implements Command<IssueOutcome> {

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(IssuanceRows.PROOFS, proofDigest);
        rows.load(IssuanceRows.IDENTITIES, issued.identity().hashText());
        if (token != null) {
            rows.load(IssuanceRows.JOIN_TOKENS, token.id());
            rows.load(IssuanceRows.REQUESTS, token.requestId());
        }
    }

    @Override
    public IssueOutcome decide(Rows rows) {
        Answered answered = rows.get(IssuanceRows.PROOFS, proofDigest);
        if (answered != null) {
            IssuedCertificate before = rows.get(IssuanceRows.CERTIFICATES, answered.certificate());
            if (before != null) {
                return new Issued(before, true);
            }
        }
        if (token != null && !useUp(token, rows)) {
            return new TokenInvalid();
        }
        IssuanceRows.put(rows, issued);
        rows.put(IssuanceRows.PROOFS, proofDigest, new Answered(issued.id()),
                rows.now().plus(IssuanceLimits.PROOF_MEMORY));
        enrol(rows);
        AuditLog.append(rows, IssuanceEntries.issued(issued));
        return new Issued(issued, false);
    }

    private static boolean useUp(JoinToken token, Rows rows) {
        JoinToken standing = rows.get(IssuanceRows.JOIN_TOKENS, token.id());
        // Bad tries may have been counted since, but the terms that the certificate was signed by must stand.
        if (standing == null || !standing.hasSecret(token.secretHash()) || !standing.terms().equals(token.terms())) {
            return false;
        }
        rows.delete(IssuanceRows.JOIN_TOKENS, token.id());
        TokenRequest request = rows.get(IssuanceRows.REQUESTS, token.requestId());
        if (request != null) {
            rows.put(IssuanceRows.REQUESTS, token.requestId(), request.asUsed(),
                    rows.now().plus(IssuanceLimits.REQUEST_MEMORY));
        }
        return true;
    }

    private void enrol(Rows rows) {
        String key = issued.identity().hashText();
        Enrolled before = rows.get(IssuanceRows.IDENTITIES, key);
        String principal = issued.enrolment().principal();
        if (before == null || !before.principal().equals(principal)) {
            rows.put(IssuanceRows.IDENTITIES, key, new Enrolled(issued.issuerDomain(), issued.binding(), principal,
                    before == null ? rows.now() : before.since()));
        }
    }
}
