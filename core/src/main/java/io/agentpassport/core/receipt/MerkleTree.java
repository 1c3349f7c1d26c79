package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Digest;

/**
 * The hashes of the tree (RFC 6962 section 2.1): a leaf is {@code SHA-256(0x00 || bytes)}, a node
 * {@code SHA-256(0x01 || left || right)}, and the tree of nothing is {@code SHA-256()}. Leaves and nodes are told apart by
 * their first byte, so that no node can be passed off as a leaf.
 *
 * <p>
 * A complete subtree has a level and an index: it covers the {@code 2^level} leaves from {@code index * 2^level} on.
 */
public final class MerkleTree {

    /** The most leaves: their indexes are JSON integers, 2^53 - 1 at most. */
    public static final long MAX_SIZE = 1L << 53;

    /** The most hashes in an inclusion proof, and the most in a compact range. */
    public static final int MAX_PATH = 53;

    /** The root of the tree without leaves. */
    public static final TreeHash EMPTY_ROOT = TreeHash.owning(Digest.sha256(new byte[0]));

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private MerkleTree() {}

    /** The hash of a leaf of these bytes. */
    public static TreeHash leaf(byte[] bytes) {
        return TreeHash.owning(Digest.sha256(LEAF, bytes));
    }

    /** The hash of a node over two others. */
    public static TreeHash node(TreeHash left, TreeHash right) {
        return TreeHash.owning(Digest.sha256(NODE, left.bytes(), right.bytes()));
    }

    /** Where hashes of complete subtrees come from. */
    @FunctionalInterface
    public interface Nodes {

        /** The hash of the complete subtree of {@code 2^level} leaves that begins at leaf {@code index * 2^level}. */
        TreeHash node(int level, long index);
    }

    /** Takes each complete subtree as it is made. */
    @FunctionalInterface
    public interface Sink {

        /** Takes one: level 0 is a leaf. */
        void completed(int level, long index, TreeHash hash);
    }

    /**
     * The hash of the leaves from {@code from} to before {@code to}: a subtree as RFC 6962 splits the tree, so {@code from} is
     * a multiple of the smallest power of two that is not less than the number of leaves. Asks for at most 53 nodes.
     */
    static TreeHash subtree(long from, long to, Nodes nodes) {
        long leaves = to - from;
        if (Long.bitCount(leaves) == 1) {
            int level = Long.numberOfTrailingZeros(leaves);
            return nodes.node(level, from >> level);
        }
        TreeHash hash = null;
        for (int level = 0; level <= MAX_PATH; level++) {
            if ((leaves >> level & 1) != 0) {
                TreeHash complete = nodes.node(level, (to >> level) - 1);
                hash = hash == null ? complete : node(complete, hash);
            }
        }
        if (hash == null) {
            throw new IllegalArgumentException("a subtree has leaves");
        }
        return hash;
    }
}
