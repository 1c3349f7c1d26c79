package io.agentpassport.server.partition;

/** Told of every commit of a partition, so that a feature can swap the snapshot it publishes. */
@FunctionalInterface
public interface CommitListener {

    /**
     * Runs on the writer after the changes are durable and before any caller of the group is answered. It must be quick, and
     * must not throw: a snapshot that missed a change would lie, so the partition stops for good when it does.
     *
     * @param changes
     *            valid during the call only
     */
    void committed(Changes changes);
}
