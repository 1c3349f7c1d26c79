package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes down what an upstream says of its tools.
 *
 * @param offered
 *            tools that it has
 * @param absent
 *            names of tools that it has no more
 */
record ObserveTools(String upstream, Map<String, ToolDefinition> offered, List<String> absent, FirstSight firstSight)
        implements
            Command<Integer> {

    /** The most tools of one command: each has a row, and what happens to it an entry of some rows. */
    static final int MOST = 24;

    ObserveTools {
        offered = Map.copyOf(offered);
        absent = List.copyOf(absent);
        if (offered.size() + absent.size() > MOST) {
            throw new IllegalArgumentException("one command looks at " + MOST + " tools at most");
        }
    }

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        offered.keySet().forEach(name -> rows.load(UpstreamRows.PINS, upstream + "/" + name));
        absent.forEach(name -> rows.load(UpstreamRows.PINS, upstream + "/" + name));
    }

    /** Answers how many rows changed. */
    @Override
    public Integer decide(Rows rows) {
        int changed = 0;
        for (var tool : offered.entrySet()) {
            String key = upstream + "/" + tool.getKey();
            ToolPin before = rows.get(UpstreamRows.PINS, key);
            changed += keep(rows, before, after(before, tool.getValue(), rows));
        }
        for (String name : absent) {
            String key = upstream + "/" + name;
            ToolPin before = rows.get(UpstreamRows.PINS, key);
            if (before != null && before.accepted() == null && before.quarantine() == null) {
                // Nobody ever decided anything about it: an upstream that makes up names leaves nothing behind.
                rows.delete(UpstreamRows.PINS, key);
                changed++;
            } else if (before != null) {
                changed += keep(rows, before,
                        before.with(before.accepted(), before.offered(), before.quarantine(), true));
            }
        }
        return changed;
    }

    private ToolPin after(@Nullable ToolPin before, ToolDefinition now, Rows rows) {
        if (before == null) {
            boolean accept = firstSight != FirstSight.WAITS;
            return new ToolPin(upstream, now.name(), accept ? now : null, accept ? null : now, null, false, rows.now(),
                    "");
        }
        ToolDefinition accepted = before.accepted();
        String quarantine = before.quarantine();
        if (accepted == null) {
            boolean accept = firstSight != FirstSight.WAITS && quarantine == null;
            return before.with(accept ? now : null, accept ? null : now, quarantine, false);
        }
        if (firstSight == FirstSight.TRUSTED && quarantine == null) {
            return before.with(now, null, null, false);
        }
        List<String> differences = accepted.differences(now);
        if (quarantine == null && !ToolDefinition.isOfWords(differences)) {
            quarantine = ToolPin.differing(differences);
        }
        return before.with(accepted, differences.isEmpty() ? null : now, quarantine, false);
    }

    private static int keep(Rows rows, @Nullable ToolPin before, ToolPin after) {
        if (after.equals(before)) {
            return 0;
        }
        boolean other = before == null || before.state() != after.state();
        ToolPin kept = other ? after.changed(rows.now(), "") : after;
        rows.put(UpstreamRows.PINS, kept.text(), kept);
        if (other && kept.state() == ToolState.QUARANTINED) {
            log(rows, "tool_quarantined", kept);
        } else if (kept.accepted() != null && (before == null || !kept.accepted().equals(before.accepted()))) {
            log(rows, "tool_accepted", kept);
        }
        return 1;
    }

    static void log(Rows rows, String kind, ToolPin pin) {
        var unused = AuditLog.append(rows, EntryDraft.open(kind, JsonObject.builder()
                .put("tool", pin.text())
                .put("definition_digest", pin.current().digest())
                .put("admin", pin.changedBy())
                .put("reason", pin.difference())
                .build()));
    }
}
