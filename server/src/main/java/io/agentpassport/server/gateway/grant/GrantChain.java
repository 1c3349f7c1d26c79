package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grant with all that it hangs on.
 *
 * @param fromRoot
 *            1 to {@link GrantTerms#MAX_DEPTH}, the root first
 * @param facts
 *            what a policy may know of each of them
 */
public record GrantChain(List<Grant> fromRoot, List<JsonObject> facts) {

    public GrantChain(List<Grant> fromRoot) {
        this(fromRoot, fromRoot.stream().map(Grant::facts).toList());
    }

    public GrantChain {
        fromRoot = List.copyOf(fromRoot);
        facts = List.copyOf(facts);
        if (fromRoot.isEmpty() || fromRoot.size() > GrantTerms.MAX_DEPTH) {
            throw new IllegalArgumentException("a chain has 1 to 8 grants");
        }
    }

    /** The grant itself. */
    public Grant leaf() {
        return fromRoot.get(fromRoot.size() - 1);
    }

    /**
     * The pattern by which it gives the tool and covers the scope, the most specific one; null when it does not. Those above
     * give it too, since a grant was only ever narrowed.
     */
    @Nullable
    ToolPattern covering(String upstream, String tool, @Nullable String scope) {
        GrantTerms terms = leaf().terms();
        ToolPattern best = null;
        for (ToolPattern pattern : terms.tools()) {
            if (pattern.matches(upstream, tool) && (best == null || pattern.compareTo(best) > 0)) {
                best = pattern;
            }
        }
        return best == null || !coversScope(terms, scope) ? null : best;
    }

    private static boolean coversScope(GrantTerms terms, @Nullable String scope) {
        return scope == null || terms.scopes().stream().anyMatch(pattern -> pattern.covers(scope));
    }

    /** Whether it gives the tool and covers the scope. */
    public boolean covers(String upstream, String tool, @Nullable String scope) {
        return covering(upstream, tool, scope) != null;
    }

    /** Whether the time of one of them is over: a grant never outlives those above it, so the leaf says it. */
    public boolean isExpiredAt(Instant now) {
        return leaf().isExpiredAt(now);
    }
}
