package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.WatchApprovalsResponse;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.ApprovalWatches;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.wire.ApprovalAnswers;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One caller that follows approvals. Its cursor is the moment up to which it was told all, in unix milliseconds. */
final class ApprovalStream implements ApprovalWatches.Reader {

    private static final Pattern CURSOR = Pattern.compile("0|[1-9][0-9]{0,14}");

    private final ApprovalSight sight;
    private final InstantSource clock;
    private final PushedAnswers<WatchApprovalsResponse> to;

    private ApprovalStream(ApprovalSight sight, InstantSource clock, PushedAnswers<WatchApprovalsResponse> to) {
        this.sight = sight;
        this.clock = clock;
        this.to = to;
    }

    /** Opens a watch that lasts as long as its caller, and no longer than its session. */
    static void open(Approvals approvals, ApprovalRequests.Watch asked, Caller caller, OpenWatches watches,
            InstantSource clock, ServerCallStreamObserver<WatchApprovalsResponse> call, Answers answers) {
        var to = new PushedAnswers<>(call);
        String cursor = asked.cursor();
        if (cursor != null && !CURSOR.matcher(cursor).matches()) {
            to.end(ServiceErrors.invalidCursor());
            return;
        }
        if (!watches.admit(caller, to)) {
            return;
        }
        Instant since = cursor == null ? null : Instant.ofEpochMilli(Long.parseLong(cursor));
        ApprovalSight sight = ApprovalSight.of(caller);
        var watch = approvals.watch(sight.agent(), id(asked), new ApprovalStream(sight, clock, to));
        call.setOnReadyHandler(watch::ready);
        to.holds(watch::close);
        answers.reading(() -> approvals.begin(watch, since), to::end);
    }

    private static @Nullable ApprovalId id(ApprovalRequests.Watch asked) {
        String id = asked.approvalId();
        return id == null ? null : new ApprovalId(id);
    }

    @Override
    public boolean isReady() {
        return to.isReady();
    }

    @Override
    public void next(Approval approval, Instant since) {
        to.send(ApprovalAnswers.changed(sight.encode(approval, null, clock.instant()),
                Long.toString(since.toEpochMilli())));
    }

    @Override
    public void closed(ApprovalWatches.Closed why) {
        to.end(switch (why) {
            case TOO_SLOW -> ServiceErrors.watchTooSlow();
            case TOO_MANY -> ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER);
            case STOPPING -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
        });
    }
}
