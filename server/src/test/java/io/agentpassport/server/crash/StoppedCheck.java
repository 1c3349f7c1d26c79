package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.JoinToken;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.audit.LogDatabase;
import io.agentpassport.server.audit.LogReport;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.crash.Finding.Kind;
import io.agentpassport.server.store.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the log in the database of a service that has stopped: all of it, against all that was shown of it. */
final class StoppedCheck {

    private final World world;
    private final LogKey key;
    private final List<Finding> findings = new ArrayList<>();
    private final LoggedCalls calls = new LoggedCalls();
    private final Set<String> words = new HashSet<>();
    private long entries;

    private StoppedCheck(World world, LogKey key) {
        this.world = world;
        this.key = key;
    }

    /**
     * What was found.
     *
     * @param entries
     *            how many entries verified
     */
    record Result(List<Finding> findings, long entries) {}

    static Result of(World world, DataFolder data, LogKey key) {
        var check = new StoppedCheck(world, key);
        try (LogDatabase database = LogDatabase.open(data.database())) {
            for (PartitionId partition : database.partitions()) {
                check.partition(database, partition);
            }
        }
        check.findings.addAll(check.calls.findings(world));
        check.ids();
        return new Result(check.findings, check.entries);
    }

    private void partition(LogDatabase database, PartitionId partition) {
        SeenLog seen = partition.equals(PartitionId.SERVICE) ? world.serviceLog() : world.log();
        findings.addAll(seen.findings());
        LogReport report = database.verify(partition, key, newest(seen));
        entries += report.entries();
        report.faults()
                .forEach(fault -> findings.add(new Finding(Kind.LOG_BROKEN, partition + ": " + fault)));
        if (report.isSound()) {
            read(database, partition, seen);
        }
    }

    private @Nullable Checkpoint newest(SeenLog seen) {
        String note = seen.newest();
        return note != null && Checkpoint.open(note, key) instanceof Checkpoint.Opened opened
                ? opened.checkpoint()
                : null;
    }

    private void read(LogDatabase database, PartitionId partition, SeenLog seen) {
        Map<Long, String> shown = seen.entries();
        Map<Long, String> roots = seen.roots();
        var tree = new CompactRange[]{CompactRange.EMPTY};
        database.entries(partition, null, (entry, closed) -> {
            String text = shown.remove(entry.index());
            if (text != null && !text.equals(new String(Jcs.bytes(entry.json()), StandardCharsets.UTF_8))) {
                findings.add(new Finding(Kind.LOG_BROKEN, "entry " + entry.index() + " was shown as " + text
                        + ", and is " + entry.json()));
            }
            tree[0] = tree[0].append(entry.leafHash());
            String root = roots.remove(tree[0].size());
            if (root != null && !root.equals(tree[0].root().text())) {
                findings.add(new Finding(Kind.LOG_BROKEN,
                        "the tree of " + tree[0].size() + " entries has not the root that was signed for it"));
            }
            take(entry);
        });
        shown.values().forEach(text -> findings.add(new Finding(Kind.LOST, "the log has not what was shown: " + text)));
        roots.keySet()
                .forEach(size -> findings
                        .add(new Finding(Kind.LOST, "a tree of " + size + " entries was signed, and there are fewer")));
    }

    private void take(LogEntry entry) {
        words(entry.json());
        calls.take(entry);
    }

    private void words(JsonValue value) {
        if (value instanceof JsonString text) {
            words.add(text.value());
        } else if (value instanceof JsonArray array) {
            array.values().forEach(this::words);
        } else if (value instanceof JsonObject object) {
            for (int i = 0; i < object.size(); i++) {
                words(object.value(i));
            }
        }
    }

    /** Everything that was acknowledged has its entry. */
    private void ids() {
        if (!findings.isEmpty()) {
            // Of a log that was not read, nothing more is known.
            return;
        }
        History history = world.history();
        history.grants().forEach(grant -> logged(grant.made(), grant.lot() == null ? null : grant.lot().id()));
        history.budgets().forEach(budget -> logged(budget.made(), budget.lot() == null ? null : budget.lot().id()));
        for (Life life : history.lives()) {
            JoinToken token = life.token().answer();
            AgentIdentity identity = life.identity();
            AuthenticatedSession session = life.session().answer();
            logged(life.token(), token == null ? null : token.id());
            logged(life.token(), identity == null ? null : identity.certificateId().text());
            logged(life.session(), session == null ? null : session.id());
        }
    }

    private void logged(Operation<?> operation, @Nullable String id) {
        if (id != null && !words.contains(id)) {
            findings.add(new Finding(Kind.LOST, "the log has no entry of " + operation));
        }
    }
}
