package io.agentpassport.server.store;

/**
 * What one store may use.
 *
 * @param blockCacheBytes
 *            memory for blocks read from disk, shared by all partitions
 * @param writeBufferBytes
 *            memory for what is in the write-ahead log only
 * @param openFiles
 *            table files held open, at least 16
 */
public record StoreLimits(long blockCacheBytes, long writeBufferBytes, int openFiles) {

    /** The longest encoded key of a row. */
    public static final int MAX_KEY_BYTES = 1024;

    /** The longest encoded value of a row: one gRPC message. */
    public static final int MAX_VALUE_BYTES = 1 << 20;

    /** The most rows that one scan returns. */
    public static final int MAX_SCAN_ROWS = 1000;

    /** How many rows beyond its limit one scan looks at before it returns with what it has. */
    static final int SCAN_SLACK = 1000;

    /** A small footprint: 128 MiB in all, of which an idle service uses little. */
    public static final StoreLimits DEFAULT = new StoreLimits(32L << 20, 96L << 20, 512);

    public StoreLimits {
        if (blockCacheBytes < 1 << 20 || writeBufferBytes < 1 << 20 || openFiles < 16) {
            throw new IllegalArgumentException("a store needs 1 MiB of cache, 1 MiB of write buffer and 16 files");
        }
    }
}
