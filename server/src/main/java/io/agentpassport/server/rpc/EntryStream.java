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
    private final ServerCallStreamObserver<WatchEntriesResponse> to;

    private EntryStream(AuditSight sight, ServerCallStreamObserver<WatchEntriesResponse> to) {
        this.sight = sight;
        this.to = to;
    }

    /** Opens a watch that lasts as long as its caller. */
    static void open(Audit audit, AuditLog log, AuditRequests.EntryWatch asked, AuditSight sight,
            ServerCallStreamObserver<WatchEntriesResponse> to) {
        // With a handler, what is sent to a caller that has gone is dropped instead of thrown back.
        to.setOnCancelHandler(() -> {});
        var query = new EntryQuery(asked.fromIndex(), sight.binding(), sight.opened());
        switch (audit.watch(log, query, new EntryStream(sight, to))) {
            case EntryWatches.Watch watch -> {
                to.setOnReadyHandler(watch::ready);
                to.setOnCancelHandler(watch::close);
            }
            case EntryWatches.OutOfRange beyond ->
                to.onError(GrpcErrors.of(AuditGrpcService.beyond(asked.partition(), log.newest())));
            case EntryWatches.TooMany many ->
                to.onError(GrpcErrors.of(ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER)));
        }
    }

    @Override
    public boolean isReady() {
        return to.isReady();
    }

    @Override
    public void next(LoggedEntry entry, String checkpoint) {
        if (sight.shows(entry)) {
            to.onNext(AuditAnswers.appended(AuditGrpcService.encode(entry), checkpoint));
        }
    }

    @Override
    public void closed(EntryWatches.Closed why) {
        to.onError(GrpcErrors.of(switch (why) {
            case TOO_SLOW -> ServiceErrors.watchTooSlow();
            case STOPPING -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
            case FAILED -> ServiceErrors.partitionUnavailable("", RpcLimits.RETRY_LATER);
        }));
    }
}
