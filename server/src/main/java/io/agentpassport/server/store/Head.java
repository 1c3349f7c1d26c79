package io.agentpassport.server.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * The newest commit of a partition, stored in the same batch as what it changed.
 *
 * @param epoch
 *            that of the lease it was made under; 0 before the first commit
 * @param seq
 *            how many commits there were
 * @param clock
 *            the time for decisions at that commit, in whole milliseconds: the mark below which time never falls again
 * @param digest
 *            SHA-256 over the digest before and everything this commit changed, as 64 hexadecimal digits
 */
public record Head(long epoch, long seq, Instant clock, String digest) {

    /** The head of a partition that nothing was ever committed to. */
    public static final Head NONE = new Head(0, 0, Instant.EPOCH, "0".repeat(64));

    private static final int DIGEST_BYTES = 32;
    private static final int BYTES = 3 * Long.BYTES + DIGEST_BYTES;

    public Head {
        if (epoch < 0 || seq < 0 || digest.length() != 2 * DIGEST_BYTES) {
            throw new IllegalArgumentException("not a head: epoch " + epoch + ", seq " + seq);
        }
    }

    /** The head of the commit after this one. */
    public Head next(long nextEpoch, Instant nextClock, List<RowWrite> writes) {
        MessageDigest sha = sha256();
        ByteBuffer fixed = ByteBuffer.allocate(3 * Long.BYTES);
        sha.update(HexFormat.of().parseHex(digest));
        fixed.putLong(nextEpoch).putLong(seq + 1).putLong(nextClock.toEpochMilli());
        sha.update(fixed.array(), 0, fixed.position());
        for (RowWrite write : writes) {
            byte[] value = write.value();
            fixed.clear().put((byte) write.keyspace()).putInt(write.key().length);
            fixed.putInt(value == null ? -1 : value.length).putLong(write.expiresAtMillis());
            sha.update(fixed.array(), 0, fixed.position());
            sha.update(write.key());
            if (value != null) {
                sha.update(value);
            }
        }
        return new Head(nextEpoch, seq + 1, nextClock, HexFormat.of().formatHex(sha.digest()));
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(epoch)
                .putLong(seq)
                .putLong(clock.toEpochMilli())
                .put(HexFormat.of().parseHex(digest))
                .array();
    }

    static Head decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a head has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Head(in.getLong(), in.getLong(), Instant.ofEpochMilli(in.getLong()),
                HexFormat.of().formatHex(bytes, 3 * Long.BYTES, BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
