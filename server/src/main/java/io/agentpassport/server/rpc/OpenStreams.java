package io.agentpassport.server.rpc;

import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.audit.AuditLimits;
import io.agentpassport.server.gateway.approval.ApprovalWatches;
import java.util.function.Function;

/** What stays open on the gRPC surface as long as a session does. */
record OpenStreams(ToolCallStreams calls, OpenWatches entries, OpenWatches approvals) {

    /** @param sessions where a caller's session stands; may read the store */
    OpenStreams(Function<Caller.Agent, SessionState> sessions, ToolCallStreams calls) {
        this(calls, new OpenWatches(sessions, AuditLimits.DEFAULT.watchers()),
                new OpenWatches(sessions, ApprovalWatches.MAX_WATCHERS));
    }

    /** Ends what is over; see the parts. */
    void refresh() {
        calls.refresh();
        entries.refresh();
        approvals.refresh();
    }
}
