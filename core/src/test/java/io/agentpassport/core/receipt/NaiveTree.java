package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Digest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The tree as RFC 6962 section 2.1 writes it down: by recursion over all leaves, and nothing clever. */
final class NaiveTree {

    private final List<byte[]> leaves;

    NaiveTree(List<byte[]> leaves) {
        this.leaves = leaves;
    }

    TreeHash root(long size) {
        return TreeHash.of(mth(leaves.subList(0, (int) size)));
    }

    List<TreeHash> path(long index, long size) {
        return hashes(path((int) index, leaves.subList(0, (int) size)));
    }

    List<TreeHash> consistency(long oldSize, long newSize) {
        return oldSize == 0
                ? List.of()
                : hashes(subproof((int) oldSize, leaves.subList(0, (int) newSize), true));
    }

    TreeHash node(int level, long index) {
        int from = (int) index << level;
        return TreeHash.of(mth(leaves.subList(from, from + (1 << level))));
    }

    private static List<TreeHash> hashes(List<byte[]> hashes) {
        return hashes.stream().map(TreeHash::of).toList();
    }

    private static byte[] mth(List<byte[]> d) {
        if (d.isEmpty()) {
            return Digest.sha256(new byte[0]);
        }
        if (d.size() == 1) {
            return sha256(0, d.get(0), new byte[0]);
        }
        int k = split(d.size());
        return sha256(1, mth(d.subList(0, k)), mth(d.subList(k, d.size())));
    }

    private static List<byte[]> path(int m, List<byte[]> d) {
        if (d.size() == 1) {
            return new ArrayList<>();
        }
        int k = split(d.size());
        List<byte[]> path;
        if (m < k) {
            path = path(m, d.subList(0, k));
            path.add(mth(d.subList(k, d.size())));
        } else {
            path = path(m - k, d.subList(k, d.size()));
            path.add(mth(d.subList(0, k)));
        }
        return path;
    }

    private static List<byte[]> subproof(int m, List<byte[]> d, boolean b) {
        if (m == d.size()) {
            var proof = new ArrayList<byte[]>();
            if (!b) {
                proof.add(mth(d));
            }
            return proof;
        }
        int k = split(d.size());
        List<byte[]> proof;
        if (m <= k) {
            proof = subproof(m, d.subList(0, k), b);
            proof.add(mth(d.subList(k, d.size())));
        } else {
            proof = subproof(m - k, d.subList(k, d.size()), false);
            proof.add(mth(d.subList(0, k)));
        }
        return proof;
    }

    private static int split(int size) {
        int k = 1;
        while (2 * k < size) {
            k *= 2;
        }
        return k;
    }

    private static byte[] sha256(int prefix, byte[] a, byte[] b) {
        var out = new ByteArrayOutputStream();
        out.write(prefix);
        out.writeBytes(a);
        out.writeBytes(b);
        return Digest.sha256(out.toByteArray());
    }
}
