package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.WatchApprovalsResponse;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.ApprovalWatches;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.wire.ApprovalAnswers;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.ServiceError;
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
    private final ServerCallStreamObserver<WatchApprovalsResponse> to;

    private boolean ended;

    private ApprovalStream(ApprovalSight sight, InstantSource clock,
            ServerCallStreamObserver<WatchApprovalsResponse> to) {
        this.sight = sight;
        this.clock = clock;
        this.to = to;
    }

    /** Opens a watch that lasts as long as its caller. */
    static void open(Approvals approvals, ApprovalRequests.Watch asked, ApprovalSight sight, InstantSource clock,
            ServerCallStreamObserver<WatchApprovalsResponse> to, Answers answers) {
        // With a handler, what is sent to a caller that has gone is dropped instead of thrown back.
        to.setOnCancelHandler(() -> {});
        String cursor = asked.cursor();
        if (cursor != null && !CURSOR.matcher(cursor).matches()) {
            to.onError(GrpcErrors.of(ServiceErrors.invalidCursor()));
            return;
        }
        Instant since = cursor == null ? null : Instant.ofEpochMilli(Long.parseLong(cursor));
        var stream = new ApprovalStream(sight, clock, to);
        var watch = approvals.watch(sight.agent(), id(asked), stream);
        to.setOnReadyHandler(watch::ready);
        to.setOnCancelHandler(watch::close);
        answers.reading(() -> approvals.begin(watch, since), error -> {
            watch.close();
            stream.end(error);
        });
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
    public synchronized void next(Approval approval, Instant since) {
        if (!ended) {
            to.onNext(ApprovalAnswers.changed(sight.encode(approval, null, clock.instant()),
                    Long.toString(since.toEpochMilli())));
        }
    }

    @Override
    public void closed(ApprovalWatches.Closed why) {
        end(switch (why) {
            case TOO_SLOW -> ServiceErrors.watchTooSlow();
            case TOO_MANY -> ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER);
            case STOPPING -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
        });
    }

    private synchronized void end(ServiceError error) {
        if (!ended) {
            ended = true;
            to.onError(GrpcErrors.of(error));
        }
    }
}
