package io.agentpassport.server.audit;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is refused before it is known who asks: counted, and written down as one entry for each peer whenever {@link #write}
 * is called, which its owner does once a second. The first {@link #PEERS} peers of a second have an entry each, and all
 * others one together, so that a flood fills neither memory nor disk. What could not be written is written the next time,
 * as is what came while the write before was under way.
 */
public final class RefusalLog implements AutoCloseable {

    /** Peers that have an entry of their own in one second. */
    public static final int PEERS = 8;

    /** Reasons that are told apart; the callers' list is shorter. */
    static final int REASONS = 64;

    /** In the place of a peer, for all that come after the first. */
    public static final String OTHERS = "other peers";

    /** What the entries are. */
    public static final String KIND = "calls_refused";

    /** The longest name of a peer, in UTF-16 code units. */
    static final int MAX_PEER_CHARACTERS = 512;

    private static final String OTHER_REASONS = "other reasons";
    private static final Duration LAST_WRITE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final Partition partition;
    private Map<String, Map<String, Long>> waiting = new LinkedHashMap<>();
    private CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);

    /** @param partition in whose log it is written */
    public RefusalLog(Partition partition) {
        this.partition = partition;
    }

    /**
     * Something was refused.
     *
     * @param peer
     *            from where it came
     * @param reason
     *            of a closed list
     */
    public void refused(String peer, String reason) {
        add(peer.length() <= MAX_PEER_CHARACTERS ? peer : OTHERS, reason, 1);
    }

    private synchronized void add(String peer, String reason, long count) {
        boolean known = waiting.containsKey(peer);
        // The others' own place is beyond those of the first.
        String name = known || waiting.size() < PEERS ? peer : OTHERS;
        Map<String, Long> reasons = waiting.computeIfAbsent(name, key -> new TreeMap<>());
        reasons.merge(reasons.size() < REASONS || reasons.containsKey(reason) ? reason : OTHER_REASONS, count,
                Long::sum);
    }

    /**
     * Writes down what was refused since the last time; nothing when that is nothing, or the last is under way: a slow disk
     * has no more entries to take. Never completes exceptionally.
     */
    public CompletableFuture<Integer> write() {
        Map<String, Map<String, Long>> counts;
        var written = new CompletableFuture<Integer>();
        synchronized (this) {
            if (waiting.isEmpty() || !last.isDone()) {
                return CompletableFuture.completedFuture(0);
            }
            counts = waiting;
            waiting = new LinkedHashMap<>();
            last = written;
        }
        var unused = CompletableFuture.completedFuture(new Write(entries(counts)))
                .thenCompose(partition::submit)
                .exceptionally(failure -> {
                    LOG.debug("what was refused is written later: {}", failure.toString());
                    counts.forEach((peer, reasons) -> reasons.forEach((reason, count) -> add(peer, reason, count)));
                    return 0;
                })
                .thenAccept(written::complete);
        return written;
    }

    private synchronized CompletableFuture<Integer> last() {
        return last;
    }

    private static List<JsonObject> entries(Map<String, Map<String, Long>> counts) {
        List<JsonObject> entries = new ArrayList<>();
        counts.forEach((peer, reasons) -> {
            JsonObject.Builder byReason = JsonObject.builder();
            reasons.forEach((reason, count) -> byReason.put(reason, (double) count));
            entries.add(JsonObject.builder()
                    .put("peer", peer)
                    .put("count", (double) reasons.values().stream().mapToLong(Long::longValue).sum())
                    .put("reasons", byReason.build())
                    .build());
        });
        return entries;
    }

    /** Writes what is left. */
    @Override
    public void close() {
        try {
            var unused = last().thenCompose(before -> write())
                    .orTimeout(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.warn("what was refused last was not written down", e);
        }
    }

    /** All of a second in one commit. */
    private record Write(List<JsonObject> entries) implements Command<Integer> {

        @Override
        public void prefetch(RowReader rows) {
            AuditLog.prefetch(rows);
        }

        @Override
        public Integer decide(Rows rows) {
            entries.forEach(entry -> AuditLog.append(rows, EntryDraft.open(KIND, entry)));
            return entries.size();
        }
    }
}
