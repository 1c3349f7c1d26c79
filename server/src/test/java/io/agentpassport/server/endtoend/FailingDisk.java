package io.agentpassport.server.endtoend;

import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import java.util.List;

/** A disk that takes nothing while a test says so. */
final class FailingDisk {

    private volatile boolean fails;

    void fails(boolean now) {
        fails = now;
    }

    /** Puts itself in front of a store. */
    PartitionStore over(PartitionStore store) {
        return new ForwardingStore(store) {
            @Override
            public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
                return fails ? new CommitResult.Conflict() : super.commit(partition, guard, head, writes);
            }
        };
    }
}
