package io.agentpassport.server.store;

/** What became of a commit. */
public sealed interface CommitResult {

    /** All of it is durable: synced, not merely written. */
    record Applied() implements CommitResult {}

    /** None of it is there: the head is not the one that the guard names. */
    record Conflict() implements CommitResult {}

    /** None of it is there: the lease went to somebody else. */
    record Fenced() implements CommitResult {}

    /** All of it may be there, or none. Nobody may be answered before {@link PartitionStore#resolve} has said which. */
    record Unknown(String why) implements CommitResult {}
}
