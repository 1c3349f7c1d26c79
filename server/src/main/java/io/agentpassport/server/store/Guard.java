package io.agentpassport.server.store;

/**
 * What must still be so for a commit to apply: nobody took the lease, nobody wrote in between.
 *
 * @param epoch
 *            that of the lease under which the commit is made
 * @param seq
 *            that of the head the commit builds on
 */
public record Guard(long epoch, long seq) {}
