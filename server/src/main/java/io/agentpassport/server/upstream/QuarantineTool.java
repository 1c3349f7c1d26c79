package io.agentpassport.server.upstream;

import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;

/**
 * Takes a tool out of use until it is accepted again.
 *
 * @param reason
 *            for people, 1 to 256 characters
 * @param admin
 *            who takes it out
 */
public record QuarantineTool(String upstream, String name, String reason, String admin)
        implements
            Command<QuarantineTool.Outcome> {

    public QuarantineTool {
        if (reason.isEmpty() || reason.length() > ToolPin.MAX_REASON_CHARACTERS) {
            throw new IllegalArgumentException("a reason is 1 to 256 characters");
        }
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /** It is out of use, now or already. */
    public record Quarantined(ToolPin pin) implements Outcome {}

    /** There is no such tool. */
    public record NotFound() implements Outcome {}

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(UpstreamRows.PINS, upstream + "/" + name);
    }

    @Override
    public Outcome decide(Rows rows) {
        ToolPin before = rows.get(UpstreamRows.PINS, upstream + "/" + name);
        if (before == null) {
            return new NotFound();
        }
        if (before.quarantine() != null) {
            return new Quarantined(before);
        }
        ToolPin after = before.with(before.accepted(), before.offered(), reason, before.gone())
                .changed(rows.now(), admin);
        rows.put(UpstreamRows.PINS, after.text(), after);
        ObserveTools.log(rows, "tool_quarantined", after);
        return new Quarantined(after);
    }
}
