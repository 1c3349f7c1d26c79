package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.LiveCache;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The grants of identities, from memory or from the store: a cache over durable rows for those who plan a call before it is
 * decided.
 */
final class LiveGrants {

    private final LiveCache<String, GrantsOf> known;

    /** Grants revoked since the service started, and those from before that were met when an identity was loaded. */
    private final Set<GrantId> revoked = ConcurrentHashMap.newKeySet();

    LiveGrants(int capacity) {
        known = new LiveCache<>(capacity);
    }

    /** What the identity holds, if it is in memory, otherwise null; never reads the store. */
    @Nullable
    GrantsOf inMemory(String identity) {
        return known.get(identity);
    }

    /** Whether that grant itself was revoked; of one that was loaded. */
    boolean isRevoked(GrantId id) {
        return revoked.contains(id);
    }

    /** Takes up what a commit changed. Runs on a writer: it reads nothing. */
    void committed(Changes changes) {
        known.committed();
        changes.forEach(GrantRows.HELD, (identity, held, expiresAt) -> known.forget(identity));
        changes.forEach(GrantRows.REVOCATIONS, (id, revocation, expiresAt) -> {
            if (revocation != null) {
                revoked.add(id);
            } else {
                // Its row is swept long after its time: nothing that stands hangs on it any more.
                revoked.remove(id);
            }
        });
    }

    /** Reads what the identity holds from the store. */
    GrantsOf load(Identity identity, Partition partition) {
        long before = known.commits();
        String key = identity.hashText();
        return known.keep(key, read(key, partition), before);
    }

    private GrantsOf read(String key, Partition partition) {
        StoredRow<String, HeldGrants> row = partition.get(GrantRows.HELD, key);
        HeldGrants held = row == null ? HeldGrants.NONE : row.value();
        List<GrantChain> chains = new ArrayList<>();
        for (HeldGrants.Entry entry : held.entries()) {
            GrantChain chain = chain(entry, partition);
            if (chain != null) {
                chains.add(chain);
            }
        }
        return new GrantsOf(held.version(), chains);
    }

    /** The chain of a grant, or null when it is so long over that a row is gone. What of it was revoked is remembered. */
    private @Nullable GrantChain chain(HeldGrants.Entry entry, Partition partition) {
        List<Grant> fromRoot = new ArrayList<>();
        List<GrantId> ids = new ArrayList<>(entry.above());
        ids.add(entry.id());
        for (GrantId id : ids) {
            StoredRow<GrantId, Grant> grant = partition.get(GrantRows.GRANTS, id);
            if (grant == null) {
                return null;
            }
            if (partition.get(GrantRows.REVOCATIONS, id) != null) {
                revoked.add(id);
            }
            fromRoot.add(grant.value());
        }
        return new GrantChain(fromRoot);
    }
}
