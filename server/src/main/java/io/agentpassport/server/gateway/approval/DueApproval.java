package io.agentpassport.server.gateway.approval;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Where an approval that nobody has decided stands among those that end by themselves: they scan in the order in which their
 * time is over.
 *
 * @param expiresAt
 *            in whole milliseconds, not before 1970
 */
record DueApproval(Instant expiresAt, ApprovalId id) {

    static DueApproval of(Approval approval) {
        return new DueApproval(Instant.ofEpochMilli(approval.expiresAt().toEpochMilli()), approval.id());
    }

    byte[] encode() {
        byte[] text = id.text().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Long.BYTES + text.length).putLong(expiresAt.toEpochMilli()).put(text).array();
    }

    static DueApproval decode(byte[] bytes) {
        if (bytes.length <= Long.BYTES) {
            throw new IllegalArgumentException("an approval that is due has a name");
        }
        return new DueApproval(Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong()), new ApprovalId(
                new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.US_ASCII)));
    }

    /** The first key of those whose time is not over at an instant. */
    static byte[] endAt(Instant now) {
        return ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array();
    }
}
