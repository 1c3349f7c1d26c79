package io.agentpassport.server.audit;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;

/**
 * The entry that tells that a clock which was set forward is believed.
 *
 * @param at
 *            the time that it showed
 * @param admin
 *            who said so
 */
public record LogClockConfirmed(Instant at, String admin) implements Command<Long> {

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
    }

    @Override
    public Long decide(Rows rows) {
        return AuditLog
                .append(rows, EntryDraft.open("clock_confirmed",
                        JsonObject.builder().put("at", at.toString()).put("by", admin).build()))
                .index();
    }
}
