package io.agentpassport.server.partition;

import java.time.Duration;

/**
 * What one partition may use.
 *
 * @param queue
 *            commands under way at once, waiting or being loaded, decided or committed; more are refused as OVERLOADED
 * @param groupCommands
 *            the most commands of one commit
 * @param groupBytes
 *            a group is closed once its changes have this size, keys and values together
 * @param residentRows
 *            the rows kept in memory, besides those of the group being decided; one counts once more for every 512 bytes
 * @param rowsPerCommand
 *            the most rows that one command may load, and the most changes it may make
 * @param bounces
 *            how often a command may run in vain because a row it needs is not in memory
 * @param loaderThreads
 *            how many threads load such rows
 * @param resolveAttempts
 *            how often the outcome of a failed commit is asked for before its callers are told that it is unknown
 * @param firstRetry
 *            the pause after the first such attempt; each pause doubles
 * @param lastRetry
 *            the longest pause
 */
public record PartitionLimits(int queue, int groupCommands, int groupBytes, int residentRows, int rowsPerCommand,
        int bounces, int loaderThreads, int resolveAttempts, Duration firstRetry, Duration lastRetry) {

    /** For a service on two cores: some hundred MiB of rows at most. */
    public static final PartitionLimits DEFAULT = new PartitionLimits(8192, 1024, 4 << 20, 200_000, 256, 64, 2, 8,
            Duration.ofMillis(20), Duration.ofSeconds(1));

    public PartitionLimits {
        if (queue < 1 || groupCommands < 1 || groupBytes < 1 || residentRows < 1 || rowsPerCommand < 1 || bounces < 1
                || loaderThreads < 1 || resolveAttempts < 1) {
            throw new IllegalArgumentException("every limit of a partition is 1 or more");
        }
        if (firstRetry.isNegative() || firstRetry.isZero() || lastRetry.compareTo(firstRetry) < 0) {
            throw new IllegalArgumentException("the first retry comes after a while, the last not before it");
        }
    }
}
