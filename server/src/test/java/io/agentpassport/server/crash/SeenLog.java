package io.agentpassport.server.crash;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What of a partition's log was shown to clients, in receipts that verified. Safe for any number of threads. */
final class SeenLog {

    private final LogKey key;
    private final String origin;
    private final Map<Long, String> entries = new TreeMap<>();
    private final Map<Long, String> roots = new TreeMap<>();
    private final Collection<Finding> findings = new ConcurrentLinkedQueue<>();
    private @Nullable String newest;

    SeenLog(LogKey key, String partition) {
        this.key = key;
        this.origin = key.origin(partition);
    }

    /** Takes the receipt of an answer, which the client has verified. */
    void seen(@Nullable Receipt receipt) {
        if (receipt == null) {
            return;
        }
        receipt.entries().forEach(evidence -> entry(evidence.entry()));
        checkpoint(receipt.checkpoint());
    }

    private synchronized void entry(JsonObject entry) {
        Double index = entry.number("index");
        String text = new String(Jcs.bytes(entry), StandardCharsets.UTF_8);
        if (index != null) {
            String before = entries.putIfAbsent(index.longValue(), text);
            if (before != null && !before.equals(text)) {
                findings.add(new Finding(Finding.Kind.LOG_BROKEN,
                        "two entries were shown as number " + index.longValue() + ": " + before + " and " + text));
            }
        }
    }

    /** Takes a signed checkpoint. */
    synchronized void checkpoint(String note) {
        if (!(Checkpoint.open(note, key) instanceof Checkpoint.Opened opened)
                || !opened.checkpoint().origin().equals(origin)) {
            findings.add(new Finding(Finding.Kind.LOG_BROKEN, "a checkpoint is not one of " + origin + ": " + note));
            return;
        }
        long size = opened.checkpoint().size();
        String root = opened.checkpoint().root().text();
        boolean isNewest = roots.isEmpty() || size > ((TreeMap<Long, String>) roots).lastKey();
        String before = roots.putIfAbsent(size, root);
        if (before != null && !before.equals(root)) {
            findings.add(new Finding(Finding.Kind.LOG_BROKEN, "two trees of " + size + " entries were signed"));
        }
        if (isNewest) {
            newest = note;
        }
    }

    /** The note of the largest tree that was shown, or null. */
    synchronized @Nullable String newest() {
        return newest;
    }

    synchronized Map<Long, String> entries() {
        return new TreeMap<>(entries);
    }

    synchronized Map<Long, String> roots() {
        return new TreeMap<>(roots);
    }

    Collection<Finding> findings() {
        return findings;
    }
}
