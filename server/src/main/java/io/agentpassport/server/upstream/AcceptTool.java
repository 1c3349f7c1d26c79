package io.agentpassport.server.upstream;

import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/**
 * Accepts the definition that a tool has now.
 *
 * @param digest
 *            of the definition that the admin saw
 * @param admin
 *            who accepts
 */
public record AcceptTool(String upstream, String name, String digest, String admin)
        implements
            Command<AcceptTool.Outcome> {

    /** What came of it. */
    public sealed interface Outcome {}

    /** It can be called, now or already. */
    public record Accepted(ToolPin pin) implements Outcome {}

    /** There is no such tool, or not any more. */
    public record NotFound() implements Outcome {}

    /** It is something else by now. */
    public record Changed(ToolPin pin) implements Outcome {}

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(UpstreamRows.PINS, upstream + "/" + name);
    }

    @Override
    public Outcome decide(Rows rows) {
        ToolPin before = rows.get(UpstreamRows.PINS, upstream + "/" + name);
        if (before == null || before.gone()) {
            return new NotFound();
        }
        ToolDefinition current = before.current();
        if (!current.digest().equals(digest)) {
            return new Changed(before);
        }
        if (before.state() == ToolState.ACCEPTED && before.offered() == null) {
            return new Accepted(before);
        }
        ToolPin after = before.with(current, null, null, false).changed(rows.now(), admin);
        rows.put(UpstreamRows.PINS, after.text(), after);
        ObserveTools.log(rows, "tool_accepted", after);
        return new Accepted(after);
    }
}
