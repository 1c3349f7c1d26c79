package io.agentpassport.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** How keys and values lie on disk; the tree in the package comment is the map. */
final class Layout {

    /** The format this code reads and writes; it goes up when older code would misread what is stored. */
    static final long FORMAT = 1;

    static final byte[] FORMAT_KEY = own(PartitionId.SERVICE, "format");

    private static final int OWN_KEYSPACE = 0;
    private static final int PARTITION_BYTES = 2;
    private static final int PREFIX_BYTES = PARTITION_BYTES + 1;
    private static final int EXPIRY_BYTES = Long.BYTES;

    private Layout() {}

    static byte[] headKey(PartitionId partition) {
        return own(partition, "head");
    }

    static byte[] leaseKey(PartitionId partition) {
        return own(partition, "lease");
    }

    private static byte[] own(PartitionId partition, String name) {
        return key(partition, OWN_KEYSPACE, name.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] key(PartitionId partition, int keyspace, byte[] key) {
        byte[] stored = new byte[PREFIX_BYTES + key.length];
        stored[0] = (byte) (partition.number() >>> 8);
        stored[1] = (byte) partition.number();
        stored[2] = (byte) keyspace;
        System.arraycopy(key, 0, stored, PREFIX_BYTES, key.length);
        return stored;
    }

    /** The first key that is beyond a keyspace. */
    static byte[] endOf(PartitionId partition, int keyspace) {
        return keyspace < Keyspace.MAX_ID ? key(partition, keyspace + 1, new byte[0]) : endOf(partition);
    }

    /** The first key that is beyond a partition. */
    static byte[] endOf(PartitionId partition) {
        int next = partition.number() + 1;
        return next <= PartitionId.MAX_COUNT
                ? new byte[]{(byte) (next >>> 8), (byte) next}
                : new byte[]{(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    }

    static int keyspaceOf(byte[] stored) {
        return stored[PARTITION_BYTES] & 0xff;
    }

    static byte[] keyOf(byte[] stored) {
        return Arrays.copyOfRange(stored, PREFIX_BYTES, stored.length);
    }

    static byte[] value(byte[] payload, long expiresAtMillis) {
        return ByteBuffer.allocate(EXPIRY_BYTES + payload.length).putLong(expiresAtMillis).put(payload).array();
    }

    static byte[] payloadOf(byte[] stored) {
        return Arrays.copyOfRange(stored, EXPIRY_BYTES, stored.length);
    }

    static boolean expired(byte[] stored, long nowMillis) {
        long expiresAt = expiryOf(stored);
        return expiresAt != RowWrite.NEVER && expiresAt <= nowMillis;
    }

    static Instant expiresAt(byte[] stored) {
        long expiresAt = expiryOf(stored);
        return expiresAt == RowWrite.NEVER ? StoredRow.NEVER : Instant.ofEpochMilli(expiresAt);
    }

    private static long expiryOf(byte[] stored) {
        if (stored.length < EXPIRY_BYTES) {
            throw new IllegalArgumentException("a stored value has at least 8 bytes, not " + stored.length);
        }
        return ByteBuffer.wrap(stored).getLong();
    }
}
