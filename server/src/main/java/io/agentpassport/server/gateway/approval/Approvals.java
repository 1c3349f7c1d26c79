package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.approval.Approval.State;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.ApprovalRule;
import io.agentpassport.server.store.DuePlace;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.ListPlace;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.StoredRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Approvals as people and agents see and give them. Made once, before the identity partitions are started. */
public final class Approvals {

    /** The longest comment, in characters (Unicode code points). */
    public static final int MAX_COMMENT_CHARACTERS = 256;

    /** How many approvals of a partition are ended in one sweep. */
    static final int SWEPT_AT_ONCE = 1_000;

    private static final int CHUNK = 256;
    /** By how much clocks, and the writing down of what is over, may be late. */
    private static final Duration SINCE_SLACK = Duration.ofMinutes(1);
    /** How many approvals of an agent are looked through for the last one given for a tool. */
    private static final int LOOKED_THROUGH = 200;

    private final Partitions partitions;
    private final GatewayLog log;
    private final NonceSource nonces;
    private final ApprovalWatches watches;

    /** @param deliveries where those who watch are told */
    public Approvals(Partitions partitions, GatewayLog log, NonceSource nonces, Executor deliveries) {
        this.partitions = partitions;
        this.log = log;
        this.nonces = nonces;
        this.watches = new ApprovalWatches(deliveries, partitions.service()::now);
        for (Partition partition : partitions.identities()) {
            partition.listen(watches::committed);
        }
    }

    /** What voting answers. */
    public sealed interface VoteOutcome {}

    /** It counts, now or since the same person said the same before. */
    public record Voted(Approval approval, State state) implements VoteOutcome {}

    /** There is none of that id. */
    public record Unknown() implements VoteOutcome {}

    /** It does not wait any more. */
    public record Over(Approval approval, State state) implements VoteOutcome {}

    /** The person may not decide. */
    public enum NotYours implements VoteOutcome {
        /** It answers for the agent that asks. */
        PRINCIPAL,
        /** The policy names others. */
        NOT_LISTED
    }

    /** What was signed is not this: {@code digest}, or {@code issued_at} too far from now. */
    public record NotSigned(String member) implements VoteOutcome {}

    /** Takes a person's decision. */
    public CompletableFuture<VoteOutcome> vote(SignedVote vote, String comment) {
        Partition partition = partitions.byId(vote.approval().partition());
        return partition == null ? CompletableFuture.completedFuture(new Unknown())
                : partition.submit(new CastVote(vote, comment, nonces.bytes(16), log));
    }

    /** An approval, or null. Reads the store. */
    public @Nullable Approval get(ApprovalId id) {
        Partition partition = partitions.byId(id.partition());
        StoredRow<ApprovalId, Approval> row = partition == null ? null
                : partition.get(ApprovalRows.APPROVALS, id);
        return row == null ? null : row.value();
    }

    /** The arguments that were approved last for the same agent and tool, or null. Reads the store. */
    public @Nullable JsonObject lastApproved(Approval approval) {
        Partition partition = partitions.byId(approval.id().partition());
        if (partition == null) {
            return null;
        }
        Page<ListPlace<ApprovalId>, String> page = partition.scan(ApprovalRows.LISTS,
                ListPlace.range(approval.request().holder()),
                LOOKED_THROUGH);
        for (StoredRow<ListPlace<ApprovalId>, String> row : page.rows()) {
            Approval other = row.key().createdAtMillis() >= approval.createdAt().toEpochMilli() ? null
                    : get(row.key().id());
            if (other != null && (other.stage() == State.APPROVED || other.stage() == State.USED)
                    && other.request().tool().equals(approval.request().tool())) {
                return other.request().params();
            }
        }
        return null;
    }

    /**
     * One page of approvals, newest first within a partition. Reads the store.
     *
     * @param query
     *            which
     * @param size
     *            1 to {@link ListPage#MAX_SIZE}
     * @param token
     *            of the page before, empty begins
     * @return null when the token is not one of that query
     */
    public @Nullable ListPage<Approval> list(ApprovalListing.Query query, int size, String token, Instant now) {
        return ApprovalListing.list(partitions, query, size, token, now);
    }

    /**
     * Opens a watch, which is told of each approval that changes from now on. Does not read the store: {@link #begin} does.
     *
     * @param agent
     *            whose, or null for all
     * @param only
     *            this one, or null
     */
    public ApprovalWatches.Watch watch(@Nullable Identity agent, @Nullable ApprovalId only,
            ApprovalWatches.Reader reader) {
        return watches.open(agent, only, reader);
    }

    /**
     * Tells a watch what there is: those that live, and those that ended since a moment. Reads the store.
     *
     * @param since
     *            what ended before then is known to the reader, give or take a minute; null for none
     */
    public void begin(ApprovalWatches.Watch watch, @Nullable Instant since) {
        if (since != null) {
            for (Partition partition : partitions.identities()) {
                offerEnded(watch, partition, since.minus(SINCE_SLACK));
            }
        }
        for (Partition partition : partitions.identities()) {
            partition.forEach(ApprovalRows.WAITING, KeyRange.all(),
                    row -> row.value().entries().forEach(entry -> watch.offerFirst(get(entry.id()))));
        }
        watch.begun();
    }

    /** What ended after a moment lived until then: its time was not over, or was written down to be over only then. */
    private void offerEnded(ApprovalWatches.Watch watch, Partition partition, Instant since) {
        Instant madeAfter = since.minus(ApprovalRule.MAX_WAIT);
        byte[] from = new byte[0];
        int looked = 0;
        while (from != null && looked < ApprovalListing.LOOKED_AT_PER_PAGE) {
            Page<ListPlace<ApprovalId>, String> page = partition.scan(ApprovalRows.LISTS,
                    ListPlace.range(ListPlace.ALL_OF_THEM).startingAt(from), CHUNK);
            for (StoredRow<ListPlace<ApprovalId>, String> row : page.rows()) {
                if (row.key().createdAtMillis() < madeAfter.toEpochMilli()) {
                    return;
                }
                Approval approval = get(row.key().id());
                if (approval != null && !approval.expiresAt().isBefore(since)) {
                    watch.offerFirst(approval);
                }
            }
            looked += CHUNK;
            from = page.next();
        }
    }

    /** How many follow approvals. */
    public int watching() {
        return watches.count();
    }

    /** How many approvals nobody has decided, but no more than that many of each partition. Reads the store. */
    public int pending(int most) {
        return partitions.identities()
                .stream()
                .mapToInt(partition -> partition.count(ApprovalRows.DUE, most))
                .sum();
    }

    /** Closes watches that are not read; the owner calls this on a schedule. */
    public void refresh() {
        watches.closeStalled();
    }

    /** Ends every watch. */
    public void close() {
        watches.closeAll();
    }

    /**
     * Writes down what nobody answered in time; the owner calls this on a schedule. Reads no more than what is due, and no
     * more of it at once than {@link #SWEPT_AT_ONCE}: the rest is due the next time.
     *
     * @return how many
     */
    public CompletableFuture<Integer> sweep() {
        List<CompletableFuture<?>> ended = new ArrayList<>();
        for (Partition partition : partitions.identities()) {
            Instant now = partition.now();
            var due = new KeyRange(new byte[0], DuePlace.endAt(now));
            for (StoredRow<DuePlace<ApprovalId>, String> row : partition.scan(ApprovalRows.DUE, due, SWEPT_AT_ONCE)
                    .rows()) {
                ended.add(partition.submit(new EndApproval(row.key().id(), nonces.bytes(16), log)));
            }
        }
        return CompletableFuture.allOf(ended.toArray(new CompletableFuture<?>[0])).thenApply(all -> ended.size());
    }
}
