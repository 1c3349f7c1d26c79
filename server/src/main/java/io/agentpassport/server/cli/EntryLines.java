package io.agentpassport.server.cli;

import io.agentpassport.client.LogEntryRecord;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.PrivateMembers;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Entries of the log, one line each. */
final class EntryLines {

    private EntryLines() {}

    /** The entry's own JSON (with {@code --private} as member {@code entry}), or what a person looks for first. */
    static void print(CliContext context, JsonOption json, LogEntryRecord record, boolean opened) {
        PrivateMembers closed = opened ? record.closed() : null;
        JsonObject entry = record.entry().json();
        JsonObject document = !opened ? entry
                : JsonObject.builder()
                        .put("entry", entry)
                        .put("private", JsonText.orNull(closed == null ? null : closed.members()))
                        .build();
        json.print(context, document, line(record.entry())
                + (closed == null || closed.members().size() == 0 ? "" : "  " + Visible.json(closed.members())));
    }

    private static String line(LogEntry entry) {
        JsonObject json = entry.json();
        JsonObject call = json.object("call");
        return "%8d  %s  %-20s%s%s%s%s".formatted(entry.index(), Instant.ofEpochMilli(entry.timeMillis()),
                Visible.text(entry.kind()), part(json.string("agent_id")),
                call == null ? done(json) : part(call.string("tool")),
                // What was only asked for ran nothing, counted nothing and charged nothing.
                ("preview".equals(json.string("mode")) ? "  would be" : "") + part(json.string("code")),
                entry.settles() < 0
                        ? part(rule(json.string("rule"))) + held(json)
                        : "  of entry " + entry.settles() + part(json.string("outcome")))
                .stripTrailing();
    }

    /** Of what was done to a policy: which, and who did it. */
    private static String done(JsonObject json) {
        String policy = json.string("policy");
        return policy == null ? "" : part(policy) + part(json.string("by"));
    }

    private static @Nullable String rule(@Nullable String rule) {
        return rule == null ? null : DecisionText.rule(rule);
    }

    /** Of calls that were refused together: from where, why, and how many. */
    private static String held(JsonObject json) {
        Double count = json.number("count");
        JsonObject reasons = json.object("reasons");
        var line = new StringBuilder(part(json.string("peer")));
        for (int i = 0; reasons != null && i < reasons.size(); i++) {
            line.append(part(reasons.name(i)));
        }
        return line.append(part(count == null ? null : Counted.of(count.longValue(), "call"))).toString();
    }

    private static String part(@Nullable String text) {
        return text == null || text.isEmpty() ? "" : "  " + Visible.text(text);
    }
}
