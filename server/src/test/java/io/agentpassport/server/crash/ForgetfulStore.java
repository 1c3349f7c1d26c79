package io.agentpassport.server.crash;

import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Leaves out rows of what it writes: they are in the memory of the process, and gone after it. */
final class ForgetfulStore extends ForwardingStore {

    private final Set<Integer> never;
    private final Set<Integer> once;
    private final Set<Integer> unless;
    private final String word;
    private final Set<ByteBuffer> written = ConcurrentHashMap.newKeySet();

    /**
     * A store.
     *
     * @param never
     *            the keyspaces of which it writes nothing
     * @param once
     *            those of which it writes the first that a process puts under a key, and no change of it
     */
    ForgetfulStore(PartitionStore store, Set<Integer> never, Set<Integer> once) {
        this(store, never, once, Set.of(), "");
    }

    /**
     * A store.
     *
     * @param unless
     *            those of which it writes no row that contains that word
     */
    ForgetfulStore(PartitionStore store, Set<Integer> never, Set<Integer> once, Set<Integer> unless, String word) {
        super(store);
        this.never = never;
        this.once = once;
        this.unless = unless;
        this.word = word;
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        return super.commit(partition, guard, head, writes.stream().filter(this::isKept).toList());
    }

    private boolean isKept(RowWrite write) {
        byte[] value = write.value();
        if (never.contains(write.keyspace())) {
            return false;
        }
        if (once.contains(write.keyspace())) {
            return written.add(ByteBuffer.wrap(write.key())) && value != null;
        }
        return !unless.contains(write.keyspace()) || value == null
                || !new String(value, StandardCharsets.UTF_8).contains(word);
    }
}
