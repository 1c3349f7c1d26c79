package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.server.store.KeyRange;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The place of a session in a list.
 *
 * @param list
 *            which, as hex digits: {@link #ALL}, {@link #ofAgent}, {@link #below}, {@link #DUE}
 * @param order
 *            not negative; a list goes by this, then by id
 */
record BudgetPlace(String list, long order, BudgetSessionId id) {

    /** All of a partition, the newest first. */
    static final String ALL = list(1, new byte[0]);

    /** Children that are open, by when they are over. */
    static final String DUE = list(4, new byte[0]);

    private static final int LIST_BYTES = 33;
    static final int BYTES = LIST_BYTES + Long.BYTES + BudgetSessionId.BYTES;

    /** Those of an agent, the newest first. */
    static String ofAgent(Identity agent) {
        return list(2, agent.hash());
    }

    /** Those carved out of a session that are open, the newest first. */
    static String below(BudgetSessionId parent) {
        return list(3, parent.bytes());
    }

    private static String list(int kind, byte[] of) {
        byte[] list = Arrays.copyOf(new byte[]{(byte) kind}, LIST_BYTES);
        System.arraycopy(of, 0, list, 1, of.length);
        return HexText.encode(list);
    }

    /** The order that puts the newest first. */
    static long newestFirst(long millis) {
        return Long.MAX_VALUE - millis;
    }

    /** All places of a list. */
    static KeyRange range(String list) {
        return KeyRange.prefix(HexText.decodeAnyCase(list));
    }

    /** The places of a list up to and with an order. */
    static KeyRange rangeUpTo(String list, long order) {
        byte[] from = HexText.decodeAnyCase(list);
        byte[] to = ByteBuffer.allocate(LIST_BYTES + Long.BYTES).put(from).putLong(order + 1).array();
        return new KeyRange(from, to);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(HexText.decodeAnyCase(list))
                .putLong(order)
                .put(id.bytes())
                .array();
    }

    static BudgetPlace decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a place in a list has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] list = new byte[LIST_BYTES];
        byte[] id = new byte[BudgetSessionId.BYTES];
        in.get(list);
        long order = in.getLong();
        in.get(id);
        return new BudgetPlace(HexText.encode(list), order, BudgetSessionId.of(id));
    }
}
