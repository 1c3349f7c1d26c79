package io.agentpassport.server.audit;

import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/** Appends one entry to the log of a partition, and changes nothing else; answers its index. */
public record AppendEntry(EntryDraft draft) implements Command<Long> {

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
    }

    @Override
    public Long decide(Rows rows) {
        return AuditLog.append(rows, draft).index();
    }
}
