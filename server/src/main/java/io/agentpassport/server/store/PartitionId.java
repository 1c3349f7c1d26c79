package io.agentpassport.server.store;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The number of a partition, the unit of order, ownership and recovery. As text four lower-case hexadecimal digits.
 *
 * @param number
 *            0 to 65535; 0 is {@link #SERVICE}, identities live in 1 and above
 */
public record PartitionId(int number) implements Comparable<PartitionId> {

    /** What is global: anchors, bundles, policies, issuing keys, revocations. */
    public static final PartitionId SERVICE = new PartitionId(0);

    /** The largest number of identity partitions. */
    public static final int MAX_COUNT = 0xffff;

    public PartitionId {
        if (number < 0 || number > MAX_COUNT) {
            throw new IllegalArgumentException("a partition is 0 to 65535, not " + number);
        }
    }

    /**
     * The partition of an identity, always the same for the same hash and count.
     *
     * @param identityHash
     *            a uniform hash of the identity, at least 8 bytes
     * @param count
     *            how many identity partitions there are, 1 to {@link #MAX_COUNT}
     */
    public static PartitionId of(byte[] identityHash, int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("there are 1 to 65535 identity partitions, not " + count);
        }
        if (identityHash.length < Long.BYTES) {
            throw new IllegalArgumentException("an identity hash has at least 8 bytes");
        }
        long prefix = ByteBuffer.wrap(identityHash).getLong();
        return new PartitionId(1 + (int) Long.remainderUnsigned(prefix, count));
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException
     *             when it is not four lower-case hexadecimal digits
     */
    public static PartitionId parse(String text) {
        if (text.length() != 4 || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("a partition is four lower-case hexadecimal digits");
        }
        return new PartitionId(HexFormat.fromHexDigits(text));
    }

    @Override
    public int compareTo(PartitionId other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits((short) number);
    }
}
