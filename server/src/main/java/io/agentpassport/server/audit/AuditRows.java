package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log keeps in each partition. Nothing of it ever expires. */
public final class AuditRows {

    /** Nodes are kept at levels that are multiples of this; those between are made of at most 8 of them. */
    static final int LEVEL_STEP = 4;

    /** The tree as far as appending needs it, in one row. */
    static final Keyspace<String, CompactRange> HEAD = new Keyspace<>(30, "log_head", Codec.text(),
            Codec.of(CompactRange::encode, AuditRows::range));

    /** Entries by index: their canonical bytes, as they were hashed. */
    static final Keyspace<Long, EntryBytes> ENTRIES = new Keyspace<Long, EntryBytes>(31, "log_entries", Codec.number(),
            Codec.of(EntryBytes::bytes, EntryBytes::new)).unread();

    /** What entries commit to, by index; no row where that is nothing. */
    static final Keyspace<Long, PrivateMembers> PRIVATE = new Keyspace<Long, PrivateMembers>(32, "log_private",
            Codec.number(),
            JsonCodec.of(AuditRows::json, AuditRows::privateMembers)).unread();

    /** Hashes of complete subtrees. */
    static final Keyspace<NodePlace, TreeHash> NODES = new Keyspace<NodePlace, TreeHash>(33, "log_nodes",
            NodePlace.CODEC,
            Codec.of(TreeHash::toByteArray, TreeHash::of)).unread();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(HEAD, ENTRIES, PRIVATE, NODES);

    /** The one key of {@link #HEAD}. */
    static final String NEWEST = "newest";

    private AuditRows() {}

    /**
     * The canonical bytes of an entry.
     *
     * @param bytes never changed by anybody
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record EntryBytes(byte[] bytes) {}

    /**
     * Where a complete subtree is: it covers {@code 2^level} leaves from {@code index * 2^level} on.
     */
    record NodePlace(int level, long index) {

        static final Codec<NodePlace> CODEC = Codec.of(NodePlace::encode, NodePlace::decode);

        byte[] encode() {
            return ByteBuffer.allocate(1 + Long.BYTES).put((byte) level).putLong(index).array();
        }

        private static NodePlace decode(byte[] bytes) {
            if (bytes.length != 1 + Long.BYTES) {
                throw new IllegalArgumentException("the place of a node has 9 bytes, not " + bytes.length);
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new NodePlace(buffer.get(), buffer.getLong());
        }
    }

    private static CompactRange range(byte[] bytes) {
        CompactRange range = CompactRange.decode(bytes);
        if (range == null) {
            throw new IllegalArgumentException("the head of the log is damaged");
        }
        return range;
    }

    private static JsonObject json(PrivateMembers closed) {
        return JsonObject.builder().put("private", closed.members()).put("salt", closed.salt().text()).build();
    }

    private static @Nullable PrivateMembers privateMembers(JsonObject json) {
        JsonObject members = json.object("private");
        Nonce salt = Nonce.fromText(json.string("salt"));
        return members == null || salt == null ? null : new PrivateMembers(members, salt);
    }
}
