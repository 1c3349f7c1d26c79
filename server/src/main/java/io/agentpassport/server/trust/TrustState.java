package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of trust in memory: a fold over them, made by a scan at the start and then by each commit. Immutable.
 *
 * @param structure
 *            the row of {@link TrustRows#STRUCTURE}
 */
record TrustState(long structure, Map<PublicKey, Publisher> publishers, Map<PublicKey, BundleInForce> bundles,
        Map<PublicKey, Floor> floors, Map<String, OwnAnchor> anchors, Map<CertificateId, Revocation> revocations) {

    static TrustState load(Partition service) {
        StoredRow<String, Long> structure = service.get(TrustRows.STRUCTURE, TrustRows.COUNT);
        return new TrustState(structure == null ? 0 : structure.value(),
                all(service, TrustRows.PUBLISHERS), all(service, TrustRows.BUNDLES), all(service, TrustRows.FLOORS),
                all(service, TrustRows.ANCHORS), all(service, TrustRows.REVOKED_CERTIFICATES))
                .withoutOver(service.now());
    }

    private static <K, V> Map<K, V> all(Partition service, Keyspace<K, V> keyspace) {
        Map<K, V> rows = new LinkedHashMap<>();
        service.forEach(keyspace, KeyRange.all(), row -> rows.put(row.key(), row.value()));
        return rows;
    }

    /** This state after a commit, or null when the commit is none of trust's. */
    @Nullable
    TrustState after(Changes changes) {
        TrustState next = new TrustState(structureAfter(changes), after(publishers, TrustRows.PUBLISHERS, changes),
                after(bundles, TrustRows.BUNDLES, changes), after(floors, TrustRows.FLOORS, changes),
                after(anchors, TrustRows.ANCHORS, changes),
                after(revocations, TrustRows.REVOKED_CERTIFICATES, changes));
        if (next.isMadeOfTheSame(this)) {
            return null;
        }
        return next.withoutOver(changes.now());
    }

    /** Whether our bundle has other things to say than before. */
    boolean speaksAnew(TrustState before) {
        return !anchors.equals(before.anchors) || !revocations.keySet().equals(before.revocations.keySet());
    }

    private long structureAfter(Changes changes) {
        long[] count = {structure};
        changes.forEach(TrustRows.STRUCTURE, (key, value, expiresAt) -> count[0] = value == null ? 0 : value);
        return count[0];
    }

    private static <K, V> Map<K, V> after(Map<K, V> before, Keyspace<K, V> keyspace, Changes changes) {
        Map<K, V> puts = new LinkedHashMap<>();
        Set<K> deletes = new HashSet<>();
        changes.forEach(keyspace, (key, value, expiresAt) -> {
            if (value == null) {
                deletes.add(key);
            } else {
                puts.put(key, value);
            }
        });
        if (puts.isEmpty() && deletes.isEmpty()) {
            return before;
        }
        Map<K, V> after = new LinkedHashMap<>(before);
        after.keySet().removeAll(deletes);
        after.putAll(puts);
        return after;
    }

    @SuppressWarnings("ReferenceEquality") // a map that did not change is passed on
    private boolean isMadeOfTheSame(TrustState other) {
        return structure == other.structure && publishers == other.publishers && bundles == other.bundles
                && floors == other.floors && anchors == other.anchors && revocations == other.revocations;
    }

    /** Without revocations that no longer matter; their rows stay for people until they expire. */
    private TrustState withoutOver(Instant now) {
        if (revocations.values().stream().allMatch(revocation -> revocation.matters(now))) {
            return this;
        }
        Map<CertificateId, Revocation> matter = new LinkedHashMap<>(revocations);
        matter.values().removeIf(revocation -> !revocation.matters(now));
        return new TrustState(structure, publishers, bundles, floors, anchors, matter);
    }
}
