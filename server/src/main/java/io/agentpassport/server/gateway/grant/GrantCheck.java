package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/** What a command asks about grants: in order with every change of them. */
public final class GrantCheck {

    private GrantCheck() {}

    /**
     * Sees to it that what a call asks about is in memory.
     *
     * @param holder
     *            the identity, as {@link Identity#hashText()}
     */
    public static void prefetch(RowReader rows, String holder, @Nullable GrantChain chain) {
        rows.load(GrantRows.HELD, holder);
        if (chain != null) {
            for (Grant grant : chain.fromRoot()) {
                rows.load(GrantRows.REVOCATIONS, grant.id());
            }
        }
    }

    /** The revocation that ends a grant: the one nearest to the root; or null. */
    public static @Nullable GrantRevocation revocation(Rows rows, Grant grant) {
        for (GrantId above : grant.above()) {
            GrantRevocation revocation = rows.get(GrantRows.REVOCATIONS, above);
            if (revocation != null) {
                return revocation;
            }
        }
        return rows.get(GrantRows.REVOCATIONS, grant.id());
    }

    /** Where a grant stands. */
    static GrantStatus status(Rows rows, Grant grant) {
        return GrantStatus.of(grant, rows.now(), id -> rows.get(GrantRows.REVOCATIONS, id));
    }

    /** Whether the identity still holds what it held when a choice was made among it. */
    public static boolean isCurrent(Rows rows, String holder, long version) {
        return GrantRows.held(rows, holder).version() == version;
    }

    /** The grant, if that identity is its subject; otherwise null: it might as well not exist. */
    public static @Nullable Grant named(Rows rows, GrantId id, Identity identity) {
        Grant grant = rows.get(GrantRows.GRANTS, id);
        return grant != null && grant.subject().equals(identity) ? grant : null;
    }
}
