package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import java.util.List;
import java.util.Objects;

/** A log that is rows and nothing else: what a test reads back. */
class RowLog implements GatewayLog {

    static final Keyspace<String, Long> HEAD = new Keyspace<>(248, "test_log_head", Codec.text(), Codec.number());
    static final Keyspace<Long, JsonObject> ENTRIES = new Keyspace<>(249, "test_log", Codec.number(),
            JsonCodec.of(json -> json, json -> json));
    static final List<Keyspace<?, ?>> ALL = List.of(HEAD, ENTRIES);

    @Override
    public LogEntry append(Rows rows, String kind, JsonObject members, JsonObject hidden, byte[] salt) {
        long index = Objects.requireNonNullElse(rows.get(HEAD, "head"), 0L);
        JsonObject json = members.with("kind", new JsonString(kind))
                .with("index", new JsonNumber(index))
                .with("time", new JsonNumber(rows.now().toEpochMilli()));
        rows.put(HEAD, "head", index + 1);
        rows.put(ENTRIES, index, json);
        return new LogEntry(json, index, rows.now().toEpochMilli(), kind);
    }
}
