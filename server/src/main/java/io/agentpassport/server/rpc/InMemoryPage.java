package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.wire.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a short list that is in memory whole. A token names the last item of its page; when that is gone the token is
 * good no more, and the caller begins again. Where the list names an item twice, the next page begins after the last of
 * them, so that every list has an end.
 */
final class InMemoryPage {

    private static final int DIGEST_CHARS = 32;

    private InMemoryPage() {}

    /**
     * One page.
     *
     * @param filters as text, so that a token serves no other filters
     * @param name of an item
     * @return null when the token is none of this list
     */
    static <T> @Nullable ListPage<T> of(List<T> items, String filters, Function<T, String> name, PageRequest request) {
        int from = 0;
        if (!request.token().isEmpty()) {
            from = indexOf(items, filters, name, request.token()) + 1;
            if (from == 0) {
                return null;
            }
        }
        int to = Math.min(items.size(), from + request.size());
        String next = to < items.size() ? token(filters, name.apply(items.get(to - 1))) : null;
        return new ListPage<>(items.subList(from, to), next);
    }

    private static <T> int indexOf(List<T> items, String filters, Function<T, String> name, String token) {
        for (int i = items.size() - 1; i >= 0; i--) {
            if (token(filters, name.apply(items.get(i))).equals(token)) {
                return i;
            }
        }
        return -1;
    }

    private static String token(String filters, String name) {
        byte[] text = (filters + "\n" + name).getBytes(StandardCharsets.UTF_8);
        return PartitionId.SERVICE + "." + HexText.encode(Digest.sha256(text)).substring(0, DIGEST_CHARS);
    }
}
