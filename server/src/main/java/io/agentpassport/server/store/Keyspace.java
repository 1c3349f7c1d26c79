package io.agentpassport.server.store;

/**
 * A typed family of rows within a partition.
 *
 * @param id
 *            1 to 255, on disk in every key; an id that was ever released is never given to something else
 * @param name
 *            for people: 1 to 40 characters of {@code a-z0-9_}
 * @param keys
 *            how keys become bytes
 * @param values
 *            how values become bytes; values are immutable
 * @param memory
 *            how long its rows stay in memory
 * @param <K>
 *            what a row is found by
 * @param <V>
 *            what a row holds
 */
public record Keyspace<K, V>(int id, String name, Codec<K> keys, Codec<V> values, Memory memory) {

    /** The largest id, and so the largest number of keyspaces. */
    public static final int MAX_ID = 255;

    /** How long rows stay in memory. */
    public enum Memory {
        /** As long as they are used, or there is room. */
        USED,
        /** A moment: the command after the one that wrote them reads them, and then hardly anyone. */
        BRIEF,
        /** Until they are durable: no command reads them. */
        NONE
    }

    /** One whose rows are read again and again. */
    public Keyspace(int id, String name, Codec<K> keys, Codec<V> values) {
        this(id, name, keys, values, Memory.USED);
    }

    /** The same, whose rows are read soon after they are written, and then hardly ever. */
    public Keyspace<K, V> brief() {
        return new Keyspace<>(id, name, keys, values, Memory.BRIEF);
    }

    /** The same, whose rows commands write and never read. */
    public Keyspace<K, V> unread() {
        return new Keyspace<>(id, name, keys, values, Memory.NONE);
    }

    /** Whether commands may read its rows. */
    public boolean isRead() {
        return memory != Memory.NONE;
    }

    public Keyspace {
        if (id < 1 || id > MAX_ID) {
            throw new IllegalArgumentException("a keyspace id is 1 to 255, not " + id);
        }
        if (!name.matches("[a-z0-9_]{1,40}")) {
            throw new IllegalArgumentException("a keyspace name is 1 to 40 of a-z0-9_, not " + name);
        }
    }

    @Override
    public String toString() {
        return name + "(" + id + ")";
    }
}
