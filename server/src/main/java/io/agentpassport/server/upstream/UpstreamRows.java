package io.agentpassport.server.upstream;

import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import java.util.List;

/** What upstreams keep in the service partition. */
public final class UpstreamRows {

    /** What is known of a tool, by {@code upstream/name}. */
    static final Keyspace<String, ToolPin> PINS = new Keyspace<>(45, "tool_pins", Codec.text(),
            JsonCodec.of(ToolPin::json, ToolPin::fromJson));

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(PINS);

    private UpstreamRows() {}
}
