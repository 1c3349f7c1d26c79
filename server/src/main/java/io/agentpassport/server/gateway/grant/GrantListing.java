package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.grant.GrantRows.Holder;
import io.agentpassport.server.gateway.grant.GrantRows.Place;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a list of grants in the making: newest first within each partition. Used once. */
public final class GrantListing {

    /** The most grants on one page. */
    public static final int MAX_PAGE_SIZE = 100;

    /** How many grants one page looks at before it says where to go on. */
    static final int LOOKED_AT_PER_PAGE = 1_000;

    private static final int CHUNK = 128;
    private static final int FINGERPRINT_DIGITS = 16;

    private final Query query;
    private final int size;
    private final Instant now;
    private final List<GrantStatus> found = new ArrayList<>();
    private int lookedAt;
    private From last;

    /**
     * Which grants; what is null matches all.
     *
     * @param parent
     *            those that hang on it at once
     */
    public record Query(@Nullable String issuerDomain, @Nullable String binding, @Nullable GrantId parent,
            GrantStatus.@Nullable State state) {

        @Nullable
        Identity identity() {
            return issuerDomain == null || binding == null ? null : new Identity(issuerDomain, binding);
        }

        boolean names(Identity holder) {
            return (issuerDomain == null || issuerDomain.equals(holder.issuerDomain()))
                    && (binding == null || binding.equals(holder.binding()));
        }

        /** What a page token is good for. */
        String fingerprint() {
            return HexText.encode(Digest.sha256(Jcs.bytes(JsonObject.builder()
                    .put("domain", issuerDomain)
                    .put("binding", binding)
                    .put("parent", parent == null ? null : parent.text())
                    .put("state", state == null ? null : state.name())
                    .build()))).substring(0, FINGERPRINT_DIGITS);
        }
    }

    /** What listing answers. */
    public sealed interface Outcome {}

    /** A page; the token of the next, null on the last. */
    public record Listed(List<GrantStatus> grants, @Nullable String next) implements Outcome {

        public Listed {
            grants = List.copyOf(grants);
        }
    }

    /** The token is not one of this query. */
    public record InvalidToken() implements Outcome {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record From(PartitionId partition, byte[] key) {}

    private GrantListing(Query query, int size, Instant now, From from) {
        this.query = query;
        this.size = size;
        this.now = now;
        this.last = from;
    }

    static Outcome list(Partitions partitions, Query query, int size, String token, Instant now) {
        if (size < 1 || size > MAX_PAGE_SIZE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " grants");
        }
        List<Partition> where = where(partitions, query);
        if (where.isEmpty()) {
            return new Listed(List.of(), null);
        }
        From from = token.isEmpty() ? new From(where.getFirst().id(), new byte[0]) : parse(token, query);
        if (from == null || partitions.byId(from.partition) == null) {
            return new InvalidToken();
        }
        var listing = new GrantListing(query, size, now, from);
        boolean more = listing.walk(where);
        return new Listed(listing.found, more ? listing.token() : null);
    }

    private static List<Partition> where(Partitions partitions, Query query) {
        GrantId parent = query.parent();
        Identity identity = query.identity();
        if (parent != null) {
            Partition partition = partitions.byId(parent.partition());
            return partition == null || partition == partitions.service() ? List.of() : List.of(partition);
        }
        return identity == null ? partitions.identities() : List.of(partitions.of(identity));
    }

    private boolean walk(List<Partition> where) {
        GrantId parent = query.parent();
        Identity identity = query.identity();
        String list = parent != null ? Place.below(parent)
                : identity != null ? GrantRows.key(identity) : Place.ALL_OF_THEM;
        From from = last;
        for (Partition partition : where) {
            if (partition.id().compareTo(from.partition) < 0) {
                continue;
            }
            byte[] after = partition.id().equals(from.partition) ? from.key : new byte[0];
            if (walk(partition, Place.range(list), after)) {
                return true;
            }
        }
        return false;
    }

    private boolean walk(Partition partition, KeyRange range, byte[] after) {
        // The smallest key beyond: the same with a zero byte more.
        byte[] from = after.length == 0 ? after : Arrays.copyOf(after, after.length + 1);
        while (from != null) {
            Page<Place, Holder> page = partition.scan(GrantRows.LISTS, range.startingAt(from), CHUNK);
            for (StoredRow<Place, Holder> row : page.rows()) {
                if (lookedAt == LOOKED_AT_PER_PAGE || !take(partition, row)) {
                    return true;
                }
                lookedAt++;
                last = new From(partition.id(), row.key().encode());
            }
            from = page.next();
        }
        return false;
    }

    /** Looks at one; false when it belongs on the next page. */
    private boolean take(Partition partition, StoredRow<Place, Holder> row) {
        if (!query.names(row.value().identity())) {
            return true;
        }
        StoredRow<GrantId, Grant> grant = partition.get(GrantRows.GRANTS, row.key().id());
        GrantStatus status = grant == null ? null : Grants.status(grant.value(), partition, now);
        if (status == null || (query.state() != null && query.state() != status.state())) {
            return true;
        }
        if (found.size() == size) {
            return false;
        }
        found.add(status);
        return true;
    }

    private String token() {
        return last.partition + "." + HexText.encode(last.key) + "." + query.fingerprint();
    }

    private static @Nullable From parse(String token, Query query) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !parts[2].equals(query.fingerprint()) || !isHex(parts[0])
                || parts[0].length() != 4 || !isHex(parts[1]) || parts[1].length() > 1024) {
            return null;
        }
        return new From(PartitionId.parse(parts[0]), HexText.decodeAnyCase(parts[1]));
    }

    private static boolean isHex(String text) {
        return text.length() % 2 == 0 && (text.isEmpty() || HexText.isLowerCase(text));
    }
}
