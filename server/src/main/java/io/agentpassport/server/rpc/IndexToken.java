package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import java.nio.charset.StandardCharsets;

/** Where a list that is in the order of an index goes on: that index, and a digest of what it is a list of. */
final class IndexToken {

    private static final int DIGEST_CHARS = 16;

    private IndexToken() {}

    static String write(long index, String filters) {
        return index + "." + digest(filters);
    }

    /** The index, or -1 when the token is none of this list. */
    static long read(String token, String filters) {
        int dot = token.indexOf('.');
        boolean fits = dot > 0 && dot <= 16 && token.substring(0, dot).chars().allMatch(c -> c >= '0' && c <= '9')
                && token.substring(dot + 1).equals(digest(filters));
        return fits ? Long.parseLong(token.substring(0, dot)) : -1;
    }

    private static String digest(String filters) {
        return HexText.encode(Digest.sha256(filters.getBytes(StandardCharsets.UTF_8))).substring(0, DIGEST_CHARS);
    }
}
