package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/**
 * Writes down that calls of an identity were held back: one entry for all of a second, so that a flood cannot fill the disk.
 *
 * @param count
 *            how many since it was written down last
 * @param salt
 *            16 random bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record LogRefusals(Identity identity, String limit, long count, byte[] salt,
        GatewayLog log) implements Command<LogEntry> {

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
    }

    @Override
    public LogEntry decide(Rows rows) {
        return log.append(rows, "calls_held_back", JsonObject.builder()
                .put("agent", JsonObject.builder()
                        .put("issuer_domain", identity.issuerDomain())
                        .put("binding", identity.binding())
                        .build())
                .put(EntryDraft.AGENT_ID, identity.binding())
                .put("code", DecisionCode.RATE.name())
                .put("limit", limit)
                .put("count", (double) count)
                .build(), JsonObject.EMPTY, salt);
    }
}
