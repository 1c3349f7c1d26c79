package io.agentpassport.core.receipt;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows that a tree is an earlier one with leaves appended: nothing was rewritten (RFC 6962 section 2.1.2).
 *
 * @param oldSize of the earlier tree
 * @param newSize of the later one, not smaller
 * @param path hashes as the RFC orders them, at most {@code MAX_PATH + 1}; none when the sizes are equal or the earlier tree
 *        is empty
 */
public record ConsistencyProof(long oldSize, long newSize, List<TreeHash> path) {

    /** The sizes are in order, and the path is bounded. */
    public ConsistencyProof {
        path = List.copyOf(path);
        if (oldSize < 0 || oldSize > newSize || newSize > MerkleTree.MAX_SIZE
                || path.size() > MerkleTree.MAX_PATH + 1) {
            throw new IllegalArgumentException("from " + oldSize + " to " + newSize + ", path of " + path.size());
        }
    }

    /** The proof between two sizes; asks for O(log newSize) nodes. */
    public static ConsistencyProof build(long oldSize, long newSize, MerkleTree.Nodes nodes) {
        var path = new ArrayList<TreeHash>();
        if (oldSize > 0 && oldSize < newSize) {
            collect(oldSize, 0, newSize, true, nodes, path);
        }
        return new ConsistencyProof(oldSize, newSize, path);
    }

    /** SUBPROOF of the RFC, over the leaves from {@code from} to before {@code to}. */
    private static void collect(long oldSize, long from, long to, boolean wholeOldTree, MerkleTree.Nodes nodes,
            List<TreeHash> path) {
        if (oldSize == to) {
            if (!wholeOldTree) {
                path.add(MerkleTree.subtree(from, to, nodes));
            }
            return;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (oldSize <= middle) {
            collect(oldSize, from, middle, wholeOldTree, nodes, path);
            path.add(MerkleTree.subtree(middle, to, nodes));
        } else {
            collect(oldSize, middle, to, false, nodes, path);
            path.add(MerkleTree.subtree(from, middle, nodes));
        }
    }

    /** Whether the tree with the new root has the one with the old root as its beginning. */
    public boolean verifies(TreeHash oldRoot, TreeHash newRoot) {
        if (oldSize == newSize) {
            return path.isEmpty() && oldRoot.equals(newRoot);
        }
        if (oldSize == 0) {
            return path.isEmpty() && oldRoot.equals(MerkleTree.EMPTY_ROOT);
        }
        // The old tree, when it is one complete subtree, is its own first step, and left out of the path.
        int level = Long.numberOfTrailingZeros(oldSize);
        boolean complete = Long.bitCount(oldSize) == 1;
        if (!complete && path.isEmpty()) {
            return false;
        }
        int at = complete ? 0 : 1;
        TreeHash oldHash = complete ? oldRoot : path.get(0);
        TreeHash newHash = oldHash;
        for (long index = (oldSize >> level) - 1; (newSize - 1) >> level != 0; level++, index >>= 1) {
            long sibling = index ^ 1;
            if (sibling << level >= newSize) {
                continue;
            }
            if (at == path.size()) {
                return false;
            }
            TreeHash next = path.get(at++);
            if (sibling < index) {
                oldHash = MerkleTree.node(next, oldHash);
                newHash = MerkleTree.node(next, newHash);
            } else {
                newHash = MerkleTree.node(newHash, next);
            }
        }
        return at == path.size() && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
