package io.agentpassport.server.gateway;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/** Where what the gateway decides is written, in the same commit as its effects. */
public interface GatewayLog {

    /** Sees to it that {@link #append} finds in memory what it reads. */
    default void prefetch(RowReader rows) {}

    /**
     * Appends an entry; called inside a command.
     *
     * @param kind
     *            what it tells of, such as {@code call_decided}
     * @param members
     *            what every holder of a receipt may see
     * @param hidden
     *            what only operators see
     * @param salt
     *            16 random bytes, drawn before the command
     * @return the entry at its place, for its receipt
     */
    LogEntry append(Rows rows, String kind, JsonObject members, JsonObject hidden, byte[] salt);
}
