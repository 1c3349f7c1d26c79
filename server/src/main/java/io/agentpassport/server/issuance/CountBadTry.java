package io.agentpassport.server.issuance;

import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/** Counts a wrong secret for a join token; the fifth burns it. Answers whether the token is gone. */
record CountBadTry(String tokenId) implements Command<Boolean> {

    @Override
    public void prefetch(RowReader rows) {
        rows.load(IssuanceRows.JOIN_TOKENS, tokenId);
    }

    @Override
    public Boolean decide(Rows rows) {
        JoinToken token = rows.get(IssuanceRows.JOIN_TOKENS, tokenId);
        if (token == null) {
            return true;
        }
        JoinToken after = token.afterBadTry();
        if (after == null) {
            rows.delete(IssuanceRows.JOIN_TOKENS, tokenId);
            AuditLog.append(rows, IssuanceEntries.tokenBurnt(token));
            return true;
        }
        rows.put(IssuanceRows.JOIN_TOKENS, tokenId, after, after.rowExpiry());
        return false;
    }
}
