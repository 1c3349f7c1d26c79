package io.agentpassport.core.receipt;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is needed of a tree to append to it and to know its root: the hashes of the largest complete subtrees that
 * cover its leaves, from the left. There is one for each bit that is set in the size.
 *
 * @param size how many leaves there are
 * @param nodes the subtrees, the largest first
 */
public record CompactRange(long size, List<TreeHash> nodes) {

    /** The tree without leaves. */
    public static final CompactRange EMPTY = new CompactRange(0, List.of());

    /** There are as many nodes as the size has bits. */
    public CompactRange {
        nodes = List.copyOf(nodes);
        if (size < 0 || size > MerkleTree.MAX_SIZE || Long.bitCount(size) != nodes.size()) {
            throw new IllegalArgumentException("a tree of " + size + " leaves is not covered by " + nodes.size());
        }
    }

    /** With one more leaf. */
    public CompactRange append(TreeHash leaf) {
        return append(leaf, (level, index, hash) -> {});
    }

    /**
     * With one more leaf.
     *
     * @param made is told of the leaf, and of every subtree that it completes, from the smallest up
     * @throws IllegalStateException when the tree is full
     */
    public CompactRange append(TreeHash leaf, MerkleTree.Sink made) {
        if (size == MerkleTree.MAX_SIZE) {
            throw new IllegalStateException("the tree is full");
        }
        var merged = new ArrayList<>(nodes);
        TreeHash hash = leaf;
        made.completed(0, size, hash);
        int level = 0;
        for (; (size >> level & 1) != 0; level++) {
            hash = MerkleTree.node(merged.remove(merged.size() - 1), hash);
            made.completed(level + 1, size >> (level + 1), hash);
        }
        merged.add(hash);
        return new CompactRange(size + 1, merged);
    }

    /** The root of the tree. */
    public TreeHash root() {
        return new RightEdge(this).root();
    }

    /** Tells of every subtree of the range, from the largest. */
    public void forEach(MerkleTree.Sink sink) {
        int at = 0;
        for (int level = MerkleTree.MAX_PATH; level >= 0; level--) {
            if ((size >> level & 1) != 0) {
                sink.completed(level, (size >> level) - 1, nodes.get(at++));
            }
        }
    }

    /** The size as 8 bytes, big-endian, then 32 bytes for each node. */
    public byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + nodes.size() * TreeHash.BYTES).putLong(size);
        for (TreeHash node : nodes) {
            buffer.put(node.bytes());
        }
        return buffer.array();
    }

    /** The range that {@link #encode} wrote, or null when no range has these bytes. */
    public static @Nullable CompactRange decode(byte[] bytes) {
        if (bytes.length < Long.BYTES) {
            return null;
        }
        long size = ByteBuffer.wrap(bytes).getLong();
        if (size < 0 || size > MerkleTree.MAX_SIZE
                || bytes.length != Long.BYTES + Long.bitCount(size) * TreeHash.BYTES) {
            return null;
        }
        var nodes = new ArrayList<TreeHash>();
        for (int at = Long.BYTES; at < bytes.length; at += TreeHash.BYTES) {
            nodes.add(TreeHash.at(bytes, at));
        }
        return new CompactRange(size, nodes);
    }
}
