package io.agentpassport.core.receipt;

import java.util.ArrayList;
import java.util.List;

/**
 * The subtrees that reach to the last leaf of a tree, hashed once: whatever the leaf, a path has one of them at most that is
 * not complete, and the root is one too.
 */
public final class RightEdge {

    private final long size;
    /** By how many complete subtrees they are made of, less one; the whole tree is the last. */
    private final List<TreeHash> hashes;

    /** The edge of the tree that a range covers. */
    public RightEdge(CompactRange range) {
        this.size = range.size();
        this.hashes = new ArrayList<>(range.nodes().size());
        TreeHash edge = null;
        for (int i = range.nodes().size() - 1; i >= 0; i--) {
            edge = edge == null ? range.nodes().get(i) : MerkleTree.node(range.nodes().get(i), edge);
            hashes.add(edge);
        }
    }

    /** How many leaves the tree has. */
    public long size() {
        return size;
    }

    /** The root of the tree. */
    public TreeHash root() {
        return hashes.isEmpty() ? MerkleTree.EMPTY_ROOT : hashes.get(hashes.size() - 1);
    }

    /** The subtree from a leaf to the last, as RFC 6962 splits the tree. */
    TreeHash from(long leaf) {
        return hashes.get(Long.bitCount(size - leaf) - 1);
    }
}
