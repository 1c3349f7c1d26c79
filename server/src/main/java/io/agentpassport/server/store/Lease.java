package io.agentpassport.server.store;

/**
 * The right to commit to a partition.
 *
 * @param epoch
 *            grows with every acquisition, so that a commit under an older one is fenced; 1 or more
 * @param owner
 *            who holds it, 1 to 200 characters
 */
public record Lease(PartitionId partition, long epoch, String owner) {

    public Lease {
        if (epoch < 1) {
            throw new IllegalArgumentException("an epoch is 1 or more, not " + epoch);
        }
        if (owner.isEmpty() || owner.length() > 200) {
            throw new IllegalArgumentException("an owner has 1 to 200 characters");
        }
    }
}
