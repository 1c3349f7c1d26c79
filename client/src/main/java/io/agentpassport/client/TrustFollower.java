package io.agentpassport.client;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Follows a service's trust bundle: verifies each, keeps the newest, never goes back, and connects again by itself. What
 * a bundle revokes is refused as soon as it is here, which is within a second of its being in force.
 */
public final class TrustFollower implements AutoCloseable {

    private final PassportClient client;
    private final PublicKey publisher;
    private final ScheduledExecutorService reconnects;
    private final CountDownLatch first = new CountDownLatch(1);
    private final Context.CancellableContext watch = Context.ROOT.withCancellation();

    private volatile @Nullable Known known;
    private volatile @Nullable PassportException rejected;
    private volatile String cursor = "";
    private final AtomicInteger failures = new AtomicInteger();

    private record Known(VerifiedTrustBundle bundle, TrustAnchors anchors) {}

    private TrustFollower(PassportClient client, PublicKey publisher) {
        this.client = client;
        this.publisher = publisher;
        this.reconnects = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "passport-trust-follower");
            thread.setDaemon(true);
            return thread;
        });
    }

    static TrustFollower start(PassportClient client, PublicKey publisher) {
        var follower = new TrustFollower(client, publisher);
        follower.connect();
        return follower;
    }

    /**
     * Waits for the first bundle that can be believed.
     *
     * @throws PassportException when none came in time; its message says why the last one was not believed
     */
    public TrustFollower await(Duration atMost) {
        try {
            if (first.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return this;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        PassportException why = rejected;
        throw why != null
                ? why
                : PassportException.local("no trust bundle came from " + client.target() + " within " + atMost);
    }

    /** Whom to believe at an instant, unix milliseconds: nobody before the first bundle, or past its refresh_after. */
    public TrustAnchors anchorsAt(double nowMillis) {
        Known newest = known;
        return newest == null || nowMillis > newest.bundle.refreshAfterMillis() ? TrustAnchors.NONE : newest.anchors;
    }

    /** The newest bundle, or null before the first. */
    public @Nullable VerifiedTrustBundle bundle() {
        Known newest = known;
        return newest == null ? null : newest.bundle;
    }

    private void connect() {
        WatchTrustBundleRequest request = WatchTrustBundleRequest.newBuilder().setCursor(cursor).build();
        watch.run(() -> TrustServiceGrpc.newStub(client.calls().channel()).watchTrustBundle(request, new Reader()));
    }

    private void accept(WatchTrustBundleResponse response) {
        try {
            VerifiedTrustBundle bundle = TrustBundles.verify(response.getBundle().getBundleJson().toByteArray(),
                    publisher, client.nowMillis());
            Known newest = known;
            if (newest == null || bundle.issuedAtMillis() > newest.bundle.issuedAtMillis()) {
                known = new Known(bundle, bundle.trustAnchors());
            }
            cursor = response.getCursor();
            failures.set(0);
            first.countDown();
        } catch (PassportException e) {
            // Kept for whoever waits; a bundle that is not believed changes nothing.
            rejected = e;
        }
    }

    private void connectLater() {
        long most = Math.min(ClientLimits.MAX_BACKOFF.toMillis(),
                ClientLimits.FIRST_BACKOFF.toMillis() << Math.min(failures.getAndIncrement(), 10));
        if (!reconnects.isShutdown()) {
            Future<?> unused = reconnects.schedule(this::connect, most, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the watch; what was known stays known. */
    @Override
    public void close() {
        reconnects.shutdownNow();
        watch.cancel(null);
    }

    /** Reads one watch; its calls come one after another. */
    private final class Reader implements StreamObserver<WatchTrustBundleResponse> {

        @Override
        public void onNext(WatchTrustBundleResponse response) {
            accept(response);
        }

        @Override
        public void onError(Throwable failure) {
            if (failure instanceof io.grpc.StatusRuntimeException status) {
                rejected = PassportException.of(client.target(), status);
            }
            connectLater();
        }

        @Override
        public void onCompleted() {
            connectLater();
        }
    }
}
