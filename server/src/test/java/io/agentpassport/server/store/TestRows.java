package io.agentpassport.server.store;

/** Keyspaces that tests put rows in. */
public final class TestRows {

    /** Numbers by name. */
    public static final Keyspace<String, Long> COUNTERS = new Keyspace<>(1, "counters", Codec.text(), Codec.number());

    /** Things that are used once: the value says by whom. */
    public static final Keyspace<String, String> TOKENS = new Keyspace<>(2, "tokens", Codec.text(), Codec.text());

    /** Both. */
    public static final Keyspaces ALL = Keyspaces.of(COUNTERS, TOKENS);

    private TestRows() {}
}
