package io.agentpassport.server.trust;

import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/**
 * A change of publishers, bundles or anchors that must look at all of them. It looks at a snapshot, and answers null when
 * that is no longer current by the time the writer gets to it: then it is to be made again on the newer one.
 */
final class StructuralChange<R> implements Command<@Nullable R> {

    private final TrustSnapshot on;
    private final Decision<R> decision;

    /** What to do on a snapshot that is current. */
    @FunctionalInterface
    interface Decision<R> {

        /** Answers; when it stages anything it calls {@link TrustRows#restructured}. */
        R decide(TrustSnapshot on, Rows rows);
    }

    StructuralChange(TrustSnapshot on, Decision<R> decision) {
        this.on = on;
        this.decision = decision;
    }

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(TrustRows.STRUCTURE, TrustRows.COUNT);
    }

    @Override
    public @Nullable R decide(Rows rows) {
        return TrustRows.structure(rows) == on.state().structure() ? decision.decide(on, rows) : null;
    }
}
