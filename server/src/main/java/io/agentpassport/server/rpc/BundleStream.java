package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import io.agentpassport.server.trust.BundleInForce;
import io.agentpassport.server.trust.BundleWatches;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.TrustAnswers;
import io.grpc.stub.ServerCallStreamObserver;

/** A watch of a bundle, on the wire: gives the newest whenever the caller has room for it. */
final class BundleStream implements BundleWatches.Reader {

    private final PublicKey publisher;
    private final ServerCallStreamObserver<WatchTrustBundleResponse> to;

    private BundleStream(PublicKey publisher, ServerCallStreamObserver<WatchTrustBundleResponse> to) {
        this.publisher = publisher;
        this.to = to;
    }

    /** Opens a watch that lasts as long as its caller. */
    static void open(Trust trust, PublicKey publisher, String cursor,
            ServerCallStreamObserver<WatchTrustBundleResponse> to) {
        // With a handler, what is sent to a caller that has gone is dropped instead of thrown back.
        to.setOnCancelHandler(() -> {});
        switch (trust.watch(publisher, cursor, new BundleStream(publisher, to))) {
            case BundleWatches.Watch watch -> {
                to.setOnReadyHandler(watch::ready);
                to.setOnCancelHandler(watch::close);
            }
            case BundleWatches.InvalidCursor invalid -> to.onError(GrpcErrors.of(ServiceErrors.invalidCursor()));
            case BundleWatches.UnknownPublisher unknown ->
                to.onError(GrpcErrors.of(ServiceErrors.publisherNotFound(publisher)));
            case BundleWatches.TooMany many ->
                to.onError(GrpcErrors.of(ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER)));
        }
    }

    @Override
    public boolean isReady() {
        return to.isReady();
    }

    @Override
    public void next(BundleInForce bundle, String cursor) {
        to.onNext(TrustAnswers.changed(new TrustBundle(bundle.bundle().json()), cursor));
    }

    @Override
    public void closed(BundleWatches.Closed why) {
        to.onError(GrpcErrors.of(switch (why) {
            case TOO_SLOW -> ServiceErrors.watchTooSlow();
            case PUBLISHER_REMOVED -> ServiceErrors.publisherNotFound(publisher);
            case STOPPING -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
        }));
    }
}
