package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.store.KeyRange;
import java.nio.ByteBuffer;

/**
 * The place of a session in a list. Every session stands in two: that of its partition and that of its identity, each
 * with the newest first.
 *
 * @param list
 *            {@link #ALL}, or that of an identity
 * @param establishedAtMillis
 *            unix milliseconds
 */
record ListKey(String list, long establishedAtMillis, SessionId id) {

    /** The list of all sessions of a partition. */
    static final String ALL = "00".repeat(32);

    /** The length of an encoded key. */
    static final int BYTES = 32 + Long.BYTES + 32;

    /** The list of an identity's sessions. */
    static String listOf(Identity identity) {
        return HexText.encode(identity.hash());
    }

    /** All places of a list. */
    static KeyRange range(String list) {
        return KeyRange.prefix(HexText.decodeAnyCase(list));
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(HexText.decodeAnyCase(list))
                .putLong(Long.MAX_VALUE - establishedAtMillis)
                .put(Digest.bytesOf(id.text()))
                .array();
    }

    static ListKey decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a place in a list has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer key = ByteBuffer.wrap(bytes);
        byte[] list = new byte[32];
        byte[] id = new byte[32];
        key.get(list);
        long establishedAt = Long.MAX_VALUE - key.getLong();
        key.get(id);
        return new ListKey(HexText.encode(list), establishedAt, MutualAuthRows.sessionId(id));
    }
}
