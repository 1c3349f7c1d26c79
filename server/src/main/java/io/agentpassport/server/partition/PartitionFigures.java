package io.agentpassport.server.partition;

/**
 * How a partition does at one moment, for those who run it.
 *
 * @param underWay
 *            commands that were submitted and are not settled
 * @param seq
 *            the newest durable commit
 * @param residentRows
 *            rows in memory
 * @param groups
 *            groups that were settled since it was made
 * @param commands
 *            the commands in them
 */
public record PartitionFigures(int underWay, long seq, long residentRows, long groups, long commands) {}
