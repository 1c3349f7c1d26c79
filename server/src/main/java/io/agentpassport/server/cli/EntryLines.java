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
                part(call == null ? null : call.string("tool")),
                // What was only asked for ran nothing, counted nothing and charged nothing.
                ("preview".equals(json.string("mode")) ? "  would be" : "") + part(json.string("code")),
                entry.settles() < 0
                        ? part(json.string("rule"))
                        : "  of entry " + entry.settles() + part(json.string("outcome")))
                .stripTrailing();
    }

    private static String part(@Nullable String text) {
        return text == null || text.isEmpty() ? "" : "  " + Visible.text(text);
    }
}
