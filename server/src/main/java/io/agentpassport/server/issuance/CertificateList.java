package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.server.issuance.IssuanceRows.Brief;
import io.agentpassport.server.issuance.IssuanceRows.Place;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.trust.Trust;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lists certificates: partition by partition, the newest first in each. A page is found by walking an index of bounded
 * length, so with a rare filter it may be short, even empty, although more follow.
 */
public final class CertificateList {

    private static final int CHUNK = 200;
    private static final Pattern TOKEN = Pattern.compile("([0-9a-f]{4})\\.([0-9a-f]{0,96})\\.([0-9a-f]{16})");

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

        private String digest() {
            byte[] text = (binding + "\n" + role + "\n" + state).getBytes(StandardCharsets.UTF_8);
            return HexText.encode(Digest.sha256(text)).substring(0, 16);
        }
    }

    /** What listing answers. */
    public sealed interface Outcome {}

    /**
     * Some certificates.
     *
     * @param next
     *            the token of the next page, empty on the last one
     */
    public record Page(List<CertificateStatus> certificates, String next) implements Outcome {

        public Page {
            certificates = List.copyOf(certificates);
        }
    }

    /** The token was not made here, or for another filter. */
    public record InvalidPageToken() implements Outcome {}

    /** Where a page begins. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Start(PartitionId partition, byte[] key) {}

    /**
     * One page.
     *
     * @param pageSize
     *            1 to 100; 0 means 50
     * @param pageToken
     *            empty to begin
     */
    Outcome page(Filter filter, int pageSize, String pageToken) {
        List<Partition> walked = walked(filter);
        Start start = start(filter, walked, pageToken);
        if (start == null) {
            return new InvalidPageToken();
        }
        int size = pageSize == 0 ? IssuanceLimits.DEFAULT_PAGE
                : Math.min(Math.max(pageSize, 1), IssuanceLimits.MAX_PAGE);
        return new Walk(filter, size).over(walked, start);
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

    private static @Nullable Start start(Filter filter, List<Partition> walked, String pageToken) {
        if (pageToken.isEmpty()) {
            return new Start(walked.isEmpty() ? PartitionId.SERVICE : walked.getFirst().id(), new byte[0]);
        }
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(pageToken), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            return null;
        }
        Matcher matcher = TOKEN.matcher(text);
        if (!matcher.matches() || !matcher.group(3).equals(filter.digest()) || matcher.group(2).length() % 2 != 0) {
            return null;
        }
        PartitionId partition = PartitionId.parse(matcher.group(1));
        return walked.stream().anyMatch(one -> one.id().equals(partition))
                ? new Start(partition, HexText.decodeAnyCase(matcher.group(2)))
                : null;
    }

    private static String token(Filter filter, PartitionId partition, byte[] key) {
        String text = partition + "." + HexText.encode(key) + "." + filter.digest();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One walk along the index. */
    private final class Walk {
        private final Filter filter;
        private final int size;
        private final List<CertificateStatus> found = new ArrayList<>();
        private int looked;

        Walk(Filter filter, int size) {
            this.filter = filter;
            this.size = size;
        }

        Page over(List<Partition> walked, Start start) {
            byte[] from = start.key;
            for (Partition partition : walked) {
                if (partition.id().compareTo(start.partition) < 0) {
                    continue;
                }
                while (from != null) {
                    if (found.size() == size || looked >= IssuanceLimits.MAX_SCANNED) {
                        return new Page(found, token(filter, partition.id(), from));
                    }
                    from = chunk(partition, from);
                }
                from = new byte[0];
            }
            return new Page(found, "");
        }

        /** Looks at some rows; where to go on, null at the end of the partition. */
        private byte @Nullable [] chunk(Partition partition, byte[] from) {
            var page = partition.scan(IssuanceRows.CERTIFICATES_BY_TIME, KeyRange.all().startingAt(from), CHUNK);
            for (StoredRow<Place, Brief> row : page.rows()) {
                if (found.size() == size) {
                    return row.key().encode();
                }
                looked++;
                if (filter.admits(row.value())) {
                    take(partition, row.key());
                }
            }
            return page.next();
        }

        private void take(Partition partition, Place place) {
            var row = partition.get(IssuanceRows.CERTIFICATES, place.id());
            if (row == null) {
                return;
            }
            CertificateStatus status = CertificateStatus.of(row.value(), trust, partitions.service().now());
            if (filter.state() == null || filter.state() == status.state()) {
                found.add(status);
            }
        }
    }
}
