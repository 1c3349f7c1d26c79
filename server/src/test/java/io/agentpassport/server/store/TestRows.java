package io.agentpassport.server.store;

/** Keyspaces that tests put rows in. */
public final class TestRows {

    /** Numbers by name. */
    public static final Keyspace<String, Long> COUNTERS = new Keyspace<>(1, "counters", Codec.text(), Codec.number());

    /** Things that are used once: the value says by whom. */
    public static final Keyspace<String, String> TOKENS = new Keyspace<String, String>(2, "tokens", Codec.text(),
            Codec.text()).brief();

    /** What is written down and never read by commands. */
    public static final Keyspace<String, Long> NOTES = new Keyspace<String, Long>(3, "notes", Codec.text(),
            Codec.number()).unread();

    /** All of them. */
    public static final Keyspaces ALL = Keyspaces.of(COUNTERS, TOKENS, NOTES);

    private TestRows() {}
}
