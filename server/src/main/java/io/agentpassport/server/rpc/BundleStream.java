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
    private final PushedAnswers<WatchTrustBundleResponse> to;

    private BundleStream(PublicKey publisher, PushedAnswers<WatchTrustBundleResponse> to) {
        this.publisher = publisher;
        this.to = to;
    }

    /** Opens a watch that lasts as long as its caller. */
    static void open(Trust trust, PublicKey publisher, String cursor,
            ServerCallStreamObserver<WatchTrustBundleResponse> call) {
        var to = new PushedAnswers<>(call);
        switch (trust.watch(publisher, cursor, new BundleStream(publisher, to))) {
            case BundleWatches.Watch watch -> {
                call.setOnReadyHandler(watch::ready);
                to.holds(watch::close);
            }
            case BundleWatches.InvalidCursor invalid -> to.end(ServiceErrors.invalidCursor());
            case BundleWatches.UnknownPublisher unknown ->
                to.end(ServiceErrors.publisherNotFound(publisher));
            case BundleWatches.TooMany many ->
                to.end(ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER));
        }
    }

    @Override
    public boolean isReady() {
        return to.isReady();
    }

    @Override
    public void next(BundleInForce bundle, String cursor) {
        to.send(TrustAnswers.changed(new TrustBundle(bundle.bundle().json()), cursor));
    }

    @Override
    public void closed(BundleWatches.Closed why) {
        to.end(switch (why) {
            case TOO_SLOW -> ServiceErrors.watchTooSlow();
            case PUBLISHER_REMOVED -> ServiceErrors.publisherNotFound(publisher);
            case STOPPING -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
        });
    }
}
