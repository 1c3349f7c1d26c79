package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.TreeHash;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest part of the tree in memory: enough for the paths of the newest leaves, so that a receipt right after a commit
 * reads nothing. At each level a ring holds the newest nodes; each carries its index, so a reader that comes too late finds
 * another one there, and asks the store. Written by one thread, read by any, without a lock.
 */
final class RecentNodes {

    private final List<AtomicReferenceArray<@Nullable Placed>> levels;

    /** A node that knows where it belongs. */
    private record Placed(long index, TreeHash hash) {}

    /** Holds what the newest leaves need that a range is followed by. */
    RecentNodes(int recentLeaves, CompactRange from) {
        List<AtomicReferenceArray<@Nullable Placed>> rings = new ArrayList<>();
        for (int level = 0; level <= MerkleTree.MAX_PATH; level++) {
            // The left neighbour of the oldest, and the newest that is complete, are needed too.
            int least = level < Integer.SIZE - 1 ? recentLeaves >> level : 0;
            rings.add(new AtomicReferenceArray<>(Math.max(4, Integer.highestOneBit(least) * 2)));
        }
        levels = List.copyOf(rings);
        from.forEach(this::put);
    }

    void put(int level, long index, TreeHash hash) {
        AtomicReferenceArray<@Nullable Placed> ring = levels.get(level);
        ring.setRelease((int) (index & (ring.length() - 1)), new Placed(index, hash));
    }

    /** The node, or null when it is not in memory. */
    @Nullable
    TreeHash get(int level, long index) {
        AtomicReferenceArray<@Nullable Placed> ring = levels.get(level);
        Placed placed = ring.getAcquire((int) (index & (ring.length() - 1)));
        return placed == null || placed.index != index ? null : placed.hash;
    }
}
