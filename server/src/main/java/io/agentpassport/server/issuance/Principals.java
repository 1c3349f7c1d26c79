package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.issuance.IssuanceRows.Enrolled;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.LiveCache;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * Who is answerable for an identity: the person or organisation that the newest enrolment names. Of an identity that was
 * enrolled elsewhere only its issuer is known, so its issuer domain is answerable. Made before the partitions are started.
 */
public final class Principals {

    /** Identities that are remembered, some 200 bytes each. */
    private static final int REMEMBERED = 65_536;

    private final Partitions partitions;
    private final LiveCache<String, String> known = new LiveCache<>(REMEMBERED);

    /** Listens to the identity partitions. */
    public Principals(Partitions partitions) {
        this.partitions = partitions;
        for (Partition partition : partitions.identities()) {
            partition.listen(this::committed);
        }
    }

    /**
     * The principal if it is in memory, otherwise null; never reads the store.
     *
     * @param holder
     *            the identity as a key: the 64 hex digits of its hash
     */
    public @Nullable String inMemory(String holder) {
        return known.get(holder);
    }

    /** The principal. Reads the store when it is not in memory. */
    public String of(Identity identity) {
        String remembered = inMemory(identity.hashText());
        return remembered != null ? remembered : load(identity);
    }

    /** The principal. Reads the store. */
    public String load(Identity identity) {
        long before = known.commits();
        String key = identity.hashText();
        StoredRow<String, Enrolled> row = partitions.of(identity).get(IssuanceRows.IDENTITIES, key);
        String principal = row == null ? identity.issuerDomain() : row.value().principal();
        return known.keep(key, principal, before);
    }

    private void committed(Changes changes) {
        changes.forEach(IssuanceRows.IDENTITIES, (key, enrolled, expiresAt) -> {
            known.committed();
            known.forget(key);
        });
    }
}
