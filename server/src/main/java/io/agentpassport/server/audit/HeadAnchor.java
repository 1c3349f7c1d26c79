package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.store.Head;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Where a partition and its log stood at a commit, as it is kept outside the database: so a database that lost what was
 * answered already does not pass for the newest.
 *
 * @param seq
 *            how many commits there were
 * @param clock
 *            the time that commit was decided at, in whole milliseconds
 * @param digest
 *            of everything that was committed up to there, see {@link Head#digest}; 64 hexadecimal digits
 * @param logSize
 *            how many entries the log had
 * @param logRoot
 *            the root of their tree
 */
record HeadAnchor(long seq, Instant clock, String digest, long logSize, TreeHash logRoot) {

    /** Of the encoded form. */
    static final int BYTES = 3 * Long.BYTES + 2 * TreeHash.BYTES;

    static HeadAnchor of(Head head, long logSize, TreeHash logRoot) {
        return new HeadAnchor(head.seq(), head.clock(), head.digest(), logSize, logRoot);
    }

    void encode(ByteBuffer into) {
        into.putLong(seq)
                .putLong(clock.toEpochMilli())
                .put(HexFormat.of().parseHex(digest))
                .putLong(logSize)
                .put(logRoot.toByteArray());
    }

    static HeadAnchor decode(ByteBuffer from) {
        long seq = from.getLong();
        Instant clock = Instant.ofEpochMilli(from.getLong());
        byte[] hash = new byte[TreeHash.BYTES];
        from.get(hash);
        String digest = HexFormat.of().formatHex(hash);
        long logSize = from.getLong();
        byte[] root = new byte[TreeHash.BYTES];
        from.get(root);
        return new HeadAnchor(seq, clock, digest, logSize, TreeHash.of(root));
    }
}
