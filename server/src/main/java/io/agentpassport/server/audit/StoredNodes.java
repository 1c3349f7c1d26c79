package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tree as proofs ask for it: the newest part from memory, the rest by tiles, which are 16 neighbours at a level that is
 * stored. One tile answers for four levels of a path, so a proof of ten million entries reads six at most. Complete tiles
 * never change, and some are remembered, those near the root before all, since every proof asks for them.
 */
final class StoredNodes {

    private static final int WIDTH = 1 << AuditRows.LEVEL_STEP;
    /** Some 1.4 KiB each; a power of two. */
    private static final int REMEMBERED = 4_096;
    /** The fraction bits of the golden ratio, which spread neighbours over the table. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int SLOT_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(REMEMBERED);

    private final Partition partition;
    private final RecentNodes recent;
    private final AtomicReferenceArray<@Nullable Tile> remembered = new AtomicReferenceArray<>(REMEMBERED);

    StoredNodes(Partition partition, RecentNodes recent) {
        this.partition = partition;
        this.recent = recent;
    }

    /** Up to 16 neighbours; fewer at the right edge of the tree. */
    private record Tile(int level, long index, List<TreeHash> nodes) {

        /** The node over some of the neighbours, or null when they are not all there. */
        @Nullable
        TreeHash node(int above, long at) {
            int first = (int) ((at << above) - index * WIDTH);
            return first + (1 << above) > nodes.size() ? null : fold(nodes.subList(first, first + (1 << above)));
        }

        private static TreeHash fold(List<TreeHash> nodes) {
            int half = nodes.size() / 2;
            return half == 0 ? nodes.get(0)
                    : MerkleTree.node(fold(nodes.subList(0, half)), fold(nodes.subList(half, nodes.size())));
        }
    }

    /** The nodes for one proof, by one thread. */
    MerkleTree.Nodes forProof() {
        var edges = new ArrayList<Tile>();
        return (level, index) -> {
            TreeHash inMemory = recent.get(level, index);
            return inMemory != null ? inMemory : stored(level, index, edges);
        };
    }

    private TreeHash stored(int level, long index, List<Tile> edges) {
        int above = level % AuditRows.LEVEL_STEP;
        TreeHash node = tile(level - above, (index << above) / WIDTH, edges).node(above, index);
        if (node == null) {
            throw new StoreException(StoreException.Reason.DAMAGED, "the log of partition " + partition.id()
                    + " lacks the node " + index + " of level " + level + ": run `./passport audit verify`", null);
        }
        return node;
    }

    private Tile tile(int level, long index, List<Tile> edges) {
        int slot = (int) ((((index << Byte.SIZE) + level) * SPREAD) >>> SLOT_SHIFT);
        Tile tile = remembered.getAcquire(slot);
        if (tile != null && tile.level == level && tile.index == index) {
            return tile;
        }
        for (Tile edge : edges) {
            if (edge.level == level && edge.index == index) {
                return edge;
            }
        }
        Tile read = read(level, index);
        if (read.nodes.size() == WIDTH) {
            remembered.setRelease(slot, read);
        } else {
            // It may grow: it is good for this proof alone.
            edges.add(read);
        }
        return read;
    }

    private Tile read(int level, long index) {
        long first = index * WIDTH;
        var range = new KeyRange(new NodePlace(level, first).encode(), new NodePlace(level, first + WIDTH).encode());
        var nodes = new ArrayList<TreeHash>(WIDTH);
        for (StoredRow<NodePlace, TreeHash> row : partition.scan(AuditRows.NODES, range, WIDTH).rows()) {
            if (row.key().index() != first + nodes.size()) {
                // One is missing: what comes after it stands at another place.
                break;
            }
            nodes.add(row.value());
        }
        return new Tile(level, index, List.copyOf(nodes));
    }
}
