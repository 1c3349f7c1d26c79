package io.agentpassport.server.store;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.HexText;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The place of something in a list: a key of an index in which each list has the newest first.
 *
 * @param list
 *            {@link #ALL_OF_THEM}, that of an identity, or 64 other lower-case hex digits
 * @param createdAtMillis
 *            unix milliseconds
 */
public record ListPlace<I>(String list, long createdAtMillis, I id) {

    /** The list of all there are in a partition. */
    public static final String ALL_OF_THEM = "00".repeat(32);

    /** How many bytes a key has before the id. */
    public static final int BYTES_BEFORE_ID = 32 + Long.BYTES;

    /** The list of what is an identity's, which is its {@link Identity#hashText()}; all there are where none is named. */
    public static String listOfOrAll(@Nullable Identity identity) {
        return identity == null ? ALL_OF_THEM : identity.hashText();
    }

    /** All places of a list. */
    public static KeyRange range(String list) {
        return KeyRange.prefix(HexText.decodeAnyCase(list));
    }

    /** 32 bytes of the list, 8 that are the less the newer, and the id. */
    public static <I> Codec<ListPlace<I>> codec(Codec<I> ids) {
        return Codec.of(place -> {
            byte[] id = ids.encode(place.id);
            return ByteBuffer.allocate(BYTES_BEFORE_ID + id.length)
                    .put(HexText.decodeAnyCase(place.list))
                    .putLong(Long.MAX_VALUE - place.createdAtMillis)
                    .put(id)
                    .array();
        }, bytes -> {
            if (bytes.length <= BYTES_BEFORE_ID) {
                throw new IllegalArgumentException("a place in a list has more than " + BYTES_BEFORE_ID + " bytes");
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte[] list = new byte[32];
            in.get(list);
            long createdAt = Long.MAX_VALUE - in.getLong();
            byte[] id = new byte[in.remaining()];
            in.get(id);
            return new ListPlace<>(HexText.encode(list), createdAt, ids.decode(id));
        });
    }
}
