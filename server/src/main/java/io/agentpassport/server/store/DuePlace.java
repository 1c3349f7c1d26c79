package io.agentpassport.server.store;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Where something stands among those that end by themselves: they scan in the order in which they are due.
 *
 * @param at
 *            when it is due, in whole milliseconds, not before 1970
 * @param <I>
 *            what names it
 */
public record DuePlace<I>(Instant at, I id) {

    /** 8 bytes of the time and the id. */
    public static <I> Codec<DuePlace<I>> codec(Codec<I> ids) {
        return Codec.of(place -> {
            byte[] id = ids.encode(place.id);
            return ByteBuffer.allocate(Long.BYTES + id.length).putLong(place.at.toEpochMilli()).put(id).array();
        }, bytes -> {
            if (bytes.length <= Long.BYTES) {
                throw new IllegalArgumentException("what is due has a name");
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Instant at = Instant.ofEpochMilli(in.getLong());
            byte[] id = new byte[in.remaining()];
            in.get(id);
            return new DuePlace<>(at, ids.decode(id));
        });
    }

    /** The first key of those that are not due at an instant. */
    public static byte[] endAt(Instant now) {
        return ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array();
    }
}
