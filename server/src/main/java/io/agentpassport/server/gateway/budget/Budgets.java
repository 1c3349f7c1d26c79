package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.budget.BudgetChange.End;
import io.agentpassport.server.partition.IndexWalk;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Budget sessions as operators and agents see and change them; from any thread. */
public final class Budgets {

    /** How many sessions that are over are closed at once. */
    private static final int CHUNK = 100;

    private final Partitions partitions;

    public Budgets(Partitions partitions) {
        this.partitions = partitions;
    }

    /** Does a change that somebody asks for, or says why not. Ending a session also has all below it give back what is free. */
    public CompletableFuture<BudgetOutcome> apply(BudgetChange change, String asker) {
        return apply(change, BudgetCommand.of(change, asker), asker);
    }

    /** The same once, see {@link BudgetCommand#once}. */
    public CompletableFuture<BudgetOutcome> apply(BudgetChange change, String asker, String requestId) {
        return apply(change, BudgetCommand.once(change, asker, requestId), asker);
    }

    private CompletableFuture<BudgetOutcome> apply(BudgetChange change, BudgetCommand command, String asker) {
        Partition partition = partitions.byId(change.id().partition());
        if (partition == null) {
            return CompletableFuture.completedFuture(new BudgetOutcome.Refused(BudgetRefusal.UNKNOWN));
        }
        CompletableFuture<BudgetOutcome> applied = partition.submit(command);
        return change instanceof End end
                ? applied.thenCompose(outcome -> endBelow(partition, end, asker).thenApply(unused -> outcome))
                : applied;
    }

    /**
     * Ends what is open below a session that is over. A crash in between loses nothing: they cannot be charged since one
     * above is over, and give back what is free when they are ended again or their own time is over.
     */
    private CompletableFuture<Void> endBelow(Partition partition, End end, String asker) {
        List<CompletableFuture<?>> ended = new ArrayList<>();
        partition.forEach(BudgetRows.LISTS, BudgetPlace.range(BudgetPlace.below(end.id())),
                row -> ended.add(apply(new End(row.value(), end.revoked()), asker)));
        return CompletableFuture.allOf(ended.toArray(CompletableFuture<?>[]::new));
    }

    /** A session, or null when there is none. */
    public CompletableFuture<@Nullable BudgetSnapshot> find(BudgetSessionId id) {
        Partition partition = partitions.byId(id.partition());
        return partition == null
                ? CompletableFuture.completedFuture(null)
                : partition.<@Nullable BudgetSnapshot>submit(rows -> BudgetSessions.find(rows, id));
    }

    /**
     * A page of the sessions of an agent, or of all, the newest of each partition first.
     *
     * @param agent
     *            null for all
     * @param size
     *            1 to {@link ListPage#MAX_SIZE}
     * @param token
     *            of the page before, empty for the first
     * @return null when the token is not one of this list
     */
    public @Nullable CompletableFuture<ListPage<BudgetSnapshot>> list(@Nullable Identity agent, int size,
            String token) {
        String list = agent == null ? BudgetPlace.ALL : BudgetPlace.ofAgent(agent);
        var walk = new IndexWalk<>(BudgetRows.LISTS, BudgetPlace.range(list), BudgetPlace.BYTES, BudgetPlace.BYTES,
                ListPage.MAX_SIZE + 1, IndexWalk.fingerprint(JsonObject.builder().put("list", list).build()));
        ListPage<BudgetSessionId> page = walk.page(partitions, partitions.identities(), size, token,
                (partition, entry) -> entry.value());
        if (page == null) {
            return null;
        }
        List<CompletableFuture<@Nullable BudgetSnapshot>> found = new ArrayList<>(page.rows().size());
        page.rows().forEach(id -> found.add(find(id)));
        return CompletableFuture.allOf(found.toArray(CompletableFuture<?>[]::new))
                .thenApply(unused -> {
                    List<BudgetSnapshot> sessions = new ArrayList<>(found.size());
                    for (CompletableFuture<@Nullable BudgetSnapshot> session : found) {
                        BudgetSnapshot snapshot = session.join();
                        if (snapshot != null) {
                            sessions.add(snapshot);
                        }
                    }
                    return new ListPage<>(sessions, page.next());
                });
    }

    /**
     * A page of the ledger of a session, from its beginning; of one that there is not, an empty one.
     *
     * @param from
     *            the number of the first entry, not negative
     * @param size
     *            1 to {@link ListPage#MAX_SIZE}
     * @return with the number of the next entry as token
     */
    public ListPage<LedgerEntry> ledger(BudgetSessionId id, long from, int size) {
        ListPage.checkSize(size);
        Partition partition = partitions.byId(id.partition());
        if (partition == null) {
            return ListPage.empty();
        }
        return ledger(partition, id, from, size);
    }

    static ListPage<LedgerEntry> ledger(Partition partition, BudgetSessionId id, long from, int size) {
        KeyRange range = KeyRange.prefix(id.bytes()).startingAt(new BudgetRows.EntryKey(id, from).encode());
        Page<BudgetRows.EntryKey, LedgerEntry> page = partition.scan(BudgetRows.LEDGER, range, size);
        byte[] next = page.next();
        return new ListPage<>(page.rows().stream().map(StoredRow::value).toList(),
                next == null ? null : Long.toString(BudgetRows.EntryKey.decode(padded(next)).number()));
    }

    /** A scan may go on from any key, also from one that is no entry. */
    private static byte[] padded(byte[] key) {
        return Arrays.copyOf(key, BudgetSessionId.BYTES + Long.BYTES);
    }

    /**
     * Has children whose time is over give back what is free; the owner calls this on a schedule.
     *
     * @return how many were looked at
     */
    public CompletableFuture<Integer> closeDue() {
        List<CompletableFuture<?>> closed = new ArrayList<>();
        for (Partition partition : partitions.identities()) {
            KeyRange due = BudgetPlace.rangeUpTo(BudgetPlace.DUE, partition.now().toEpochMilli());
            for (StoredRow<BudgetPlace, BudgetSessionId> row : partition.scan(BudgetRows.LISTS, due, CHUNK).rows()) {
                closed.add(partition.<Boolean>submit(rows -> {
                    BudgetTree.closeIfOver(rows, row.value());
                    return true;
                }));
            }
        }
        return CompletableFuture.allOf(closed.toArray(CompletableFuture<?>[]::new)).thenApply(unused -> closed.size());
    }
}
