package io.agentpassport.server.partition;

/** Whether a partition serves. */
public enum PartitionState {
    /** Made, not started. */
    NEW,
    /** Commands are decided and committed. */
    SERVING,
    /** A commit failed: everything is refused until its outcome is known and memory is dropped. */
    RECOVERING,
    /** Somebody else has the partition: everything is refused for good. */
    FENCED,
    /** A bug or a failing listener stopped it: everything is refused until the service is started again. */
    FAILED,
    /** Closing: what is under way is finished, everything new is refused. */
    CLOSING,
    /** Closed, the lease given back. */
    CLOSED;

    /** Whether health may say SERVING. */
    public boolean isHealthy() {
        return this == SERVING;
    }
}
