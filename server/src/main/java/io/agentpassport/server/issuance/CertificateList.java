package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.issuance.IssuanceRows.Brief;
import io.agentpassport.server.issuance.IssuanceRows.Place;
import io.agentpassport.server.partition.IndexWalk;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.trust.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists certificates: partition by partition, the newest first in each. A page is found by walking an index of bounded
 * length, so with a rare filter it may be short, even empty, although more follow.
 */
public final class CertificateList {

    private final Partitions partitions;
    private final Trust trust;
    private final String audience;

    CertificateList(Partitions partitions, Trust trust, String audience) {
        this.partitions = partitions;
        this.trust = trust;
        this.audience = audience;
    }

    /**
     * Which certificates; null matches every one.
     *
     * @param binding
     *            exactly this
     */
    public record Filter(@Nullable String binding, @Nullable Role role, @Nullable CertificateState state) {

        /** Every certificate. */
        public static final Filter ALL = new Filter(null, null, null);

        boolean admits(Brief brief) {
            return (binding == null || binding.equals(brief.binding())) && (role == null || role == brief.role());
        }

        private String fingerprint() {
            return IndexWalk.fingerprint(JsonObject.builder()
                    .put("binding", binding)
                    .put("role", role == null ? null : role.text())
                    .put("state", state == null ? null : state.name())
                    .build());
        }
    }

    /**
     * One page.
     *
     * @param size
     *            1 to {@link ListPage#MAX_SIZE}
     * @param token
     *            of the page before; empty to begin
     * @return null when the token was not made here, or for another filter
     */
    @Nullable
    ListPage<CertificateStatus> page(Filter filter, int size, String token) {
        var walk = new IndexWalk<>(IssuanceRows.CERTIFICATES_BY_TIME, KeyRange.all(), Place.BYTES, Place.BYTES,
                IssuanceLimits.MAX_SCANNED, filter.fingerprint());
        return walk.page(partitions, walked(filter), size, token,
                (partition, entry) -> filter.admits(entry.value()) ? read(partition, entry.key(), filter) : null);
    }

    /** A binding names one identity of ours, and so one partition. */
    private List<Partition> walked(Filter filter) {
        String binding = filter.binding();
        if (binding == null) {
            return partitions.all();
        }
        if (binding.equals(audience)) {
            return List.of(partitions.service());
        }
        return binding.isEmpty() || binding.length() > Identity.MAX_CHARACTERS ? List.of()
                : List.of(partitions.of(new Identity(trust.own().issuerDomain(), binding)));
    }

    private @Nullable CertificateStatus read(Partition partition, Place place, Filter filter) {
        StoredRow<CertificateId, IssuedCertificate> row = partition.get(IssuanceRows.CERTIFICATES, place.id());
        CertificateStatus status = row == null
                ? null
                : CertificateStatus.of(row.value(), trust, partitions.service().now());
        return status == null || (filter.state() != null && filter.state() != status.state()) ? null : status;
    }
}
