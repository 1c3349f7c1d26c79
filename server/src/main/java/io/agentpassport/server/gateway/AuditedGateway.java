package io.agentpassport.server.gateway;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/** Writes what the gateway decides to the log of the partition. */
public final class AuditedGateway implements GatewayLog {

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
    }

    @Override
    public LogEntry append(Rows rows, String kind, JsonObject members, JsonObject hidden, byte[] salt) {
        return AuditLog.append(rows, hidden.size() == 0
                ? EntryDraft.open(kind, members)
                : new EntryDraft(kind, members, new PrivateMembers(hidden, Nonce.of(salt))));
    }
}
