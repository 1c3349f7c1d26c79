package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.approval.ApprovalRows.Place;
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

/** One page of a list of approvals in the making: newest first within each partition. Used once. */
public final class ApprovalListing {

    /** The most approvals on one page. */
    public static final int MAX_PAGE_SIZE = 100;

    /** How many approvals one page looks at before it says where to go on. */
    static final int LOOKED_AT_PER_PAGE = 1_000;

    private static final int CHUNK = 128;
    private static final int FINGERPRINT_DIGITS = 16;

    private final Query query;
    private final int size;
    private final Instant now;
    private final List<Approval> found = new ArrayList<>();
    private int lookedAt;
    private From last;

    /** Which approvals; what is null matches all. */
    public record Query(@Nullable String issuerDomain, @Nullable String binding, Approval.@Nullable State state) {

        @Nullable
        Identity identity() {
            return issuerDomain == null || binding == null ? null : new Identity(issuerDomain, binding);
        }

        boolean names(Identity agent) {
            return (issuerDomain == null || issuerDomain.equals(agent.issuerDomain()))
                    && (binding == null || binding.equals(agent.binding()));
        }

        /** What a page token is good for. */
        String fingerprint() {
            return HexText.encode(Digest.sha256(Jcs.bytes(JsonObject.builder()
                    .put("domain", issuerDomain)
                    .put("binding", binding)
                    .put("state", state == null ? null : state.name())
                    .build()))).substring(0, FINGERPRINT_DIGITS);
        }
    }

    /** What listing answers. */
    public sealed interface Outcome {}

    /** A page; the token of the next, null on the last. */
    public record Listed(List<Approval> approvals, @Nullable String next) implements Outcome {

        public Listed {
            approvals = List.copyOf(approvals);
        }
    }

    /** The token is not one of this query. */
    public record InvalidToken() implements Outcome {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record From(PartitionId partition, byte[] key) {}

    private ApprovalListing(Query query, int size, Instant now, From from) {
        this.query = query;
        this.size = size;
        this.now = now;
        this.last = from;
    }

    static Outcome list(Partitions partitions, Query query, int size, String token, Instant now) {
        if (size < 1 || size > MAX_PAGE_SIZE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE_SIZE + " approvals");
        }
        List<Partition> where = where(partitions, query);
        if (where.isEmpty()) {
            return new Listed(List.of(), null);
        }
        From from = token.isEmpty() ? new From(where.getFirst().id(), new byte[0]) : parse(token, query);
        if (from == null || partitions.byId(from.partition) == null) {
            return new InvalidToken();
        }
        var listing = new ApprovalListing(query, size, now, from);
        boolean more = listing.walk(where);
        return new Listed(listing.found, more ? listing.token() : null);
    }

    private static List<Partition> where(Partitions partitions, Query query) {
        Identity identity = query.identity();
        return identity == null ? partitions.identities() : List.of(partitions.of(identity));
    }

    private boolean walk(List<Partition> where) {
        Identity identity = query.identity();
        String list = identity != null ? HexText.encode(identity.hash()) : Place.ALL_OF_THEM;
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
            Page<Place, String> page = partition.scan(ApprovalRows.LISTS, range.startingAt(from), CHUNK);
            for (StoredRow<Place, String> row : page.rows()) {
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
    private boolean take(Partition partition, StoredRow<Place, String> row) {
        StoredRow<ApprovalId, Approval> stored = partition.get(ApprovalRows.APPROVALS, row.key().id());
        if (stored == null || !query.names(stored.value().request().agent())
                || (query.state() != null && query.state() != stored.value().stateAt(now))) {
            return true;
        }
        if (found.size() == size) {
            return false;
        }
        found.add(stored.value());
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
