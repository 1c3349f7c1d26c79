package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.WatchEntriesResponse;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryQuery;
import io.agentpassport.server.audit.EntryWatches;
import io.agentpassport.server.audit.LoggedEntry;
import io.agentpassport.wire.AuditAnswers;
import io.agentpassport.wire.AuditRequests;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.ServerCallStreamObserver;

/** One caller that follows a log. */
final class EntryStream implements EntryWatches.Reader {

    private final AuditSight sight;
    private final PushedAnswers<WatchEntriesResponse> to;

    private EntryStream(AuditSight sight, PushedAnswers<WatchEntriesResponse> to) {
        this.sight = sight;
        this.to = to;
    }

    /** Opens a watch that lasts as long as its caller, and no longer than its session. */
    static void open(Audit audit, AuditLog log, AuditRequests.EntryWatch asked, Caller caller, OpenWatches watches,
            ServerCallStreamObserver<WatchEntriesResponse> call) {
        var to = new PushedAnswers<>(call);
        AuditSight sight = AuditSight.of(caller, asked.binding());
        if (sight.seesNothing()) {
            to.end(ServiceErrors.roleRequired("admin"));
            return;
        }
        if (!watches.admit(caller, to)) {
            return;
        }
        var query = new EntryQuery(asked.fromIndex(), sight.binding(), sight.opened());
        switch (audit.watch(log, query, new EntryStream(sight, to))) {
            case EntryWatches.Watch watch -> {
                call.setOnReadyHandler(watch::ready);
                to.holds(watch::close);
            }
            case EntryWatches.OutOfRange beyond ->
                to.end(AuditGrpcService.beyond(asked.partition(), log.newest()));
            case EntryWatches.TooMany many ->
                to.end(ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER));
        }
    }

    @Override
    public boolean isReady() {
        return to.isReady();
    }

    @Override
    public void next(LoggedEntry entry, String checkpoint) {
        if (sight.shows(entry)) {
            to.send(AuditAnswers.appended(AuditGrpcService.encode(entry), checkpoint));
        }
    }

    @Override
    public void closed(EntryWatches.Closed why) {
        to.end(switch (why) {
            case TOO_SLOW -> ServiceErrors.watchTooSlow();
            case STOPPING -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
            case FAILED -> ServiceErrors.partitionUnavailable("", RpcLimits.RETRY_LATER);
        });
    }
}
