package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoredRow;
import java.util.List;

/** The tree as proofs ask for it: the newest part from memory, the rest from at most 8 rows for each node. */
final class StoredNodes implements MerkleTree.Nodes {

    private final Partition partition;
    private final RecentNodes recent;

    StoredNodes(Partition partition, RecentNodes recent) {
        this.partition = partition;
        this.recent = recent;
    }

    @Override
    public TreeHash node(int level, long index) {
        TreeHash inMemory = recent.get(level, index);
        return inMemory != null ? inMemory : stored(level, index);
    }

    private TreeHash stored(int level, long index) {
        int below = level % AuditRows.LEVEL_STEP;
        int kept = level - below;
        if (below == 0) {
            StoredRow<NodePlace, TreeHash> row = partition.get(AuditRows.NODES, new NodePlace(kept, index));
            if (row == null) {
                throw missing(level, index);
            }
            return row.value();
        }
        long first = index << below;
        int count = 1 << below;
        var range = new KeyRange(new NodePlace(kept, first).encode(), new NodePlace(kept, first + count).encode());
        List<StoredRow<NodePlace, TreeHash>> rows = partition.scan(AuditRows.NODES, range, count).rows();
        if (rows.size() != count) {
            throw missing(level, index);
        }
        return fold(rows.stream().map(StoredRow::value).toList());
    }

    private static TreeHash fold(List<TreeHash> nodes) {
        int half = nodes.size() / 2;
        return half == 0 ? nodes.get(0)
                : MerkleTree.node(fold(nodes.subList(0, half)), fold(nodes.subList(half, nodes.size())));
    }

    private StoreException missing(int level, long index) {
        return new StoreException(StoreException.Reason.DAMAGED,
                "the log of partition " + partition.id() + " lacks the node " + index + " of level "
                        + level + ": run `passport audit verify`",
                null);
    }
}
