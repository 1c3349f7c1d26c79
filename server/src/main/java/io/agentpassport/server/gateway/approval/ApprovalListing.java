package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
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

/** Lists of approvals, the newest first within each partition. */
public final class ApprovalListing {

    /** How many approvals one page looks at before it says where to go on. */
    static final int LOOKED_AT_PER_PAGE = 1_000;

    private static final int MAX_KEY_BYTES = 512;

    /**
     * Which approvals; what is null matches all.
     *
     * @param agent
     *            whose calls they are for
     */
    public record Query(IdentityFilter agent, Approval.@Nullable State state) {

        /** What a page token is good for. */
        String fingerprint() {
            return IndexWalk.fingerprint(JsonObject.builder()
                    .put("domain", agent.issuerDomain())
                    .put("binding", agent.binding())
                    .put("state", state == null ? null : state.name())
                    .build());
        }
    }

    private ApprovalListing() {}

    static @Nullable ListPage<Approval> list(Partitions partitions, Query query, int size, String token, Instant now) {
        Identity identity = query.agent().identity();
        String list = ListPlace.listOfOrAll(identity);
        var walk = new IndexWalk<>(ApprovalRows.LISTS, ListPlace.range(list), 0, MAX_KEY_BYTES, LOOKED_AT_PER_PAGE,
                query.fingerprint());
        List<Partition> where = identity == null ? partitions.identities() : List.of(partitions.of(identity));
        return walk.page(partitions, where, size, token,
                (partition, entry) -> read(partition, entry.key().id(), query, now));
    }

    private static @Nullable Approval read(Partition partition, ApprovalId id, Query query, Instant now) {
        StoredRow<ApprovalId, Approval> stored = partition.get(ApprovalRows.APPROVALS, id);
        return stored == null || !query.agent().matches(stored.value().request().agent())
                || (query.state() != null && query.state() != stored.value().stateAt(now)) ? null : stored.value();
    }
}
