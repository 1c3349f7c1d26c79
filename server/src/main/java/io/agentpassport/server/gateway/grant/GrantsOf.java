package io.agentpassport.server.gateway.grant;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one identity as they stood at some moment, with their chains.
 *
 * @param version
 *            of what the identity holds; while it stands, the list is complete
 * @param chains
 *            oldest first; some may be over
 */
public record GrantsOf(long version, List<GrantChain> chains) {

    public GrantsOf {
        chains = List.copyOf(chains);
    }

    /** The grant of that id, over or not, or null when the identity does not hold it. */
    public @Nullable GrantChain named(GrantId id) {
        for (GrantChain chain : chains) {
            if (chain.leaf().id().equals(id)) {
                return chain;
            }
        }
        return null;
    }

    /**
     * The grant to judge a call by: of those that stand and cover tool and scope the one that names the tool most exactly, and
     * of several such the oldest; or null.
     */
    public @Nullable GrantChain choose(String upstream, String tool, @Nullable String scope, Instant now,
            Predicate<GrantId> revoked) {
        GrantChain best = null;
        ToolPattern bestPattern = null;
        for (GrantChain chain : chains) {
            ToolPattern pattern = chain.covering(upstream, tool, scope);
            if (pattern != null && (bestPattern == null || pattern.compareTo(bestPattern) > 0)
                    && !chain.isExpiredAt(now) && stands(chain, revoked)) {
                best = chain;
                bestPattern = pattern;
            }
        }
        return best;
    }

    private static boolean stands(GrantChain chain, Predicate<GrantId> revoked) {
        return chain.fromRoot().stream().noneMatch(grant -> revoked.test(grant.id()));
    }
}
