package io.agentpassport.server.trust;

import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.util.Objects;

/**
 * Revokes an anchor of our own, and with it everything it issued. There is no way back.
 *
 * @param anchorId
 *            its name
 * @param reason
 *            for people, 1 to 256 characters
 */
public record RevokeAnchor(String anchorId, String reason) implements Command<RevokeAnchor.Outcome> {

    public RevokeAnchor {
        TrustLimits.requireReason(reason);
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /** It is revoked, now or already. */
    public record Revoked(OwnAnchor anchor, OwnAnchor.Mark mark) implements Outcome {}

    /** We have no such anchor. */
    public record NotFound() implements Outcome {}

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(TrustRows.ANCHORS, anchorId);
    }

    @Override
    public Outcome decide(Rows rows) {
        OwnAnchor standing = rows.get(TrustRows.ANCHORS, anchorId);
        if (standing == null) {
            return new NotFound();
        }
        OwnAnchor.Mark mark = Objects.requireNonNullElseGet(standing.revoked(),
                () -> new OwnAnchor.Mark(rows.now(), reason));
        OwnAnchor revoked = new OwnAnchor(standing.anchor(), mark);
        if (standing.revoked() == null) {
            rows.put(TrustRows.ANCHORS, anchorId, revoked);
            AuditLog.append(rows, TrustEntries.anchorRevoked(this));
        }
        return new Revoked(revoked, mark);
    }
}
