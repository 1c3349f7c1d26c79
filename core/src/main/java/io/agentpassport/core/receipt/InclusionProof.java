package io.agentpassport.core.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows that a leaf is in a tree (RFC 6962 section 2.1.1).
 *
 * @param index of the leaf, from 0
 * @param size of the tree
 * @param path hashes from the leaf's sibling up, at most {@link MerkleTree#MAX_PATH}
 */
public record InclusionProof(long index, long size, List<TreeHash> path) {

    /** The leaf is within the tree, and the path is bounded. */
    public InclusionProof {
        path = List.copyOf(path);
        if (index < 0 || index >= size || size > MerkleTree.MAX_SIZE || path.size() > MerkleTree.MAX_PATH) {
            throw new IllegalArgumentException("leaf " + index + " of " + size + ", path of " + path.size());
        }
    }

    /** The proof for a leaf; asks for O(log size) nodes. */
    public static InclusionProof build(long index, long size, MerkleTree.Nodes nodes) {
        return build(index, size, nodes, from -> MerkleTree.subtree(from, size, nodes));
    }

    /** The same for a tree whose right edge is known, as it is for many proofs at once; hashes nothing. */
    public static InclusionProof build(long index, RightEdge edge, MerkleTree.Nodes nodes) {
        return build(index, edge.size(), nodes, edge::from);
    }

    private static InclusionProof build(long index, long size, MerkleTree.Nodes nodes, LongFunction<TreeHash> rest) {
        var path = new ArrayList<TreeHash>();
        for (int level = 0; (size - 1) >> level != 0; level++) {
            long sibling = index >> level ^ 1;
            long from = sibling << level;
            if (from + (1L << level) <= size) {
                path.add(nodes.node(level, sibling));
            } else if (from < size) {
                path.add(rest.apply(from));
            }
        }
        return new InclusionProof(index, size, path);
    }

    /** How many hashes the path of a leaf has. */
    public static int pathLength(long index, long size) {
        int length = 0;
        for (int level = 0; (size - 1) >> level != 0; level++) {
            if ((index >> level ^ 1) << level < size) {
                length++;
            }
        }
        return length;
    }

    /** The root that the path leads to from this leaf, or null when the path has another length than the leaf's. */
    public @Nullable TreeHash root(TreeHash leaf) {
        TreeHash hash = leaf;
        int at = 0;
        for (int level = 0; (size - 1) >> level != 0; level++) {
            long sibling = index >> level ^ 1;
            if (sibling << level >= size) {
                continue;
            }
            if (at == path.size()) {
                return null;
            }
            TreeHash next = path.get(at++);
            hash = sibling < index >> level ? MerkleTree.node(next, hash) : MerkleTree.node(hash, next);
        }
        return at == path.size() ? hash : null;
    }

    /** Whether the leaf is at this place of the tree with that root. */
    public boolean verifies(TreeHash leaf, TreeHash root) {
        return root.equals(root(leaf));
    }
}
