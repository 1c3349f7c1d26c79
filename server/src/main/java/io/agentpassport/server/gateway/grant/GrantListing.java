package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.grant.GrantRows.Holder;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.server.partition.IndexWalk;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.ListPlace;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of grants, the newest first within each partition. */
public final class GrantListing {

    /** How many grants one page looks at before it says where to go on. */
    static final int LOOKED_AT_PER_PAGE = 1_000;

    private static final int MAX_KEY_BYTES = 512;

    /**
     * Which grants; what is null matches all.
     *
     * @param subject
     *            who holds them
     * @param parent
     *            those that hang on it at once
     */
    public record Query(IdentityFilter subject, @Nullable GrantId parent,
            GrantStatus.@Nullable State state) {

        /** What a page token is good for. */
        String fingerprint() {
            return IndexWalk.fingerprint(JsonObject.builder()
                    .put("domain", subject.issuerDomain())
                    .put("binding", subject.binding())
                    .put("parent", parent == null ? null : parent.text())
                    .put("state", state == null ? null : state.name())
                    .build());
        }
    }

    private GrantListing() {}

    static @Nullable ListPage<GrantStatus> list(Partitions partitions, Query query, int size, String token,
            Instant now) {
        GrantId parent = query.parent();
        Identity identity = query.subject().identity();
        String list = parent != null ? GrantRows.listBelow(parent) : ListPlace.listOfOrAll(identity);
        var walk = new IndexWalk<>(GrantRows.LISTS, ListPlace.range(list), 0, MAX_KEY_BYTES, LOOKED_AT_PER_PAGE,
                query.fingerprint());
        return walk.page(partitions, where(partitions, query), size, token,
                (partition, entry) -> read(partition, entry, query, now));
    }

    private static List<Partition> where(Partitions partitions, Query query) {
        GrantId parent = query.parent();
        Identity identity = query.subject().identity();
        if (parent != null) {
            Partition partition = partitions.byId(parent.partition());
            return partition == null || partition == partitions.service() ? List.of() : List.of(partition);
        }
        return identity == null ? partitions.identities() : List.of(partitions.of(identity));
    }

    private static @Nullable GrantStatus read(Partition partition, StoredRow<ListPlace<GrantId>, Holder> entry,
            Query query,
            Instant now) {
        if (!query.subject().matches(entry.value().identity())) {
            return null;
        }
        StoredRow<GrantId, Grant> grant = partition.get(GrantRows.GRANTS, entry.key().id());
        GrantStatus status = grant == null ? null : Grants.status(grant.value(), partition, now);
        return status == null || (query.state() != null && query.state() != status.state()) ? null : status;
    }
}
