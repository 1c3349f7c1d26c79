package io.agentpassport.server.gateway.call;

import io.agentpassport.core.crypto.HexText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What names a call: the agent's own id of it, within its identity.
 *
 * @param holder
 *            the identity: the 64 hex digits of its hash
 * @param requestId
 *            ASCII
 */
public record CallKey(String holder, String requestId) {

    private static final int HASH_BYTES = 32;

    byte[] encode() {
        byte[] id = requestId.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(HexText.decodeAnyCase(holder), HASH_BYTES + id.length);
        System.arraycopy(id, 0, bytes, HASH_BYTES, id.length);
        return bytes;
    }

    static CallKey decode(byte[] bytes) {
        if (bytes.length <= HASH_BYTES) {
            throw new IllegalArgumentException("the key of a call has more than " + HASH_BYTES + " bytes");
        }
        return new CallKey(HexText.encode(Arrays.copyOf(bytes, HASH_BYTES)),
                new String(bytes, HASH_BYTES, bytes.length - HASH_BYTES, StandardCharsets.US_ASCII));
    }
}
