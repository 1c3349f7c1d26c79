package io.agentpassport.server.gateway.call;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Where a call that its caller runs stands among those to be settled as spent: they scan in the order in which they are due.
 *
 * @param dueAt
 *            in whole milliseconds, not before 1970
 */
record DueCall(Instant dueAt, ReservationId reservation) {

    byte[] encode() {
        byte[] id = reservation.text().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Long.BYTES + id.length).putLong(dueAt.toEpochMilli()).put(id).array();
    }

    static DueCall decode(byte[] bytes) {
        if (bytes.length <= Long.BYTES) {
            throw new IllegalArgumentException("a call that is due has a name");
        }
        return new DueCall(Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong()), new ReservationId(
                new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.US_ASCII)));
    }

    /** The first key of those that are not due at an instant. */
    static byte[] endAt(Instant now) {
        return ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array();
    }
}
