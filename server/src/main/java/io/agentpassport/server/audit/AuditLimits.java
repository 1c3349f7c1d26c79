package io.agentpassport.server.audit;

import java.time.Duration;

/**
 * What the log of one partition may use.
 *
 * @param recentLeaves of how many of the newest entries the tree is kept in memory, some 180 bytes each; a power of two
 * @param watchers how many may watch at once
 * @param readerStall for how long a reader may leave what there is; then it is closed
 */
public record AuditLimits(int recentLeaves, int watchers, Duration readerStall) {

    /** The most entries that one page lists. */
    public static final int MAX_PAGE = 100;

    /** The most entries that are looked at for one page: with a filter, a page may be short, or empty, though more follow. */
    public static final int MAX_LOOKED_AT = 1_000;

    /** The most bytes of entries in one page, but for a first one that has more by itself. */
    public static final int MAX_PAGE_BYTES = 256 << 10;

    /** The most bytes of entries that are looked at for one page, but for the last rows that are read. */
    public static final int MAX_LOOKED_AT_BYTES = 1 << 20;

    /** How many rows are read at once. */
    static final int SCANNED_AT_ONCE = 32;

    /** Some 400 KiB: many more than one group commits, and few enough that collections of the young heap do not copy them. */
    public static final AuditLimits DEFAULT = new AuditLimits(2_048, 256, Duration.ofSeconds(30));

    public AuditLimits {
        if (Integer.bitCount(recentLeaves) != 1 || watchers < 1 || readerStall.isNegative()) {
            throw new IllegalArgumentException("the newest leaves are a power of two, and somebody may watch");
        }
    }
}
