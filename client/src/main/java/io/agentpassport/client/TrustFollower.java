package io.agentpassport.client;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import io.agentpassport.wire.ErrorReason;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows a service's trust bundle: verifies each, keeps the newest, never goes back, and connects again by itself. What
 * a bundle revokes is refused as soon as it is here, which is within a second of its being in force.
 */
public final class TrustFollower implements AutoCloseable {

    private final PassportClient client;
    private final PublicKey publisher;
    private final ScheduledExecutorService reconnects;
    private final Context.CancellableContext watches = Context.ROOT.withCancellation();

    /** Guards what follows; notified of each newer bundle. */
    private final Object lock = new Object();
    private volatile @Nullable Known known;
    private @Nullable PassportException rejected;
    private String cursor = "";
    private int failures;

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
        return await(bundle -> true, atMost);
    }

    /**
     * Waits until the newest bundle is as wanted, for instance until it revokes something.
     *
     * @throws PassportException when none came in time; its message says why the last one was not believed
     */
    public TrustFollower await(Predicate<VerifiedTrustBundle> wanted, Duration atMost) {
        long end = client.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            while (true) {
                Known newest = known;
                if (newest != null && wanted.test(newest.bundle)) {
                    return this;
                }
                long left = end - client.nanoTime();
                if (left <= 0) {
                    throw notInTime(atMost);
                }
                waitFor(left, atMost);
            }
        }
    }

    private void waitFor(long nanos, Duration atMost) {
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notInTime(atMost);
        }
    }

    private PassportException notInTime(Duration atMost) {
        PassportException why = rejected;
        return why != null
                ? why
                : PassportException.timedOut("no such trust bundle came from " + client.target() + " within " + atMost);
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
        WatchTrustBundleRequest request;
        synchronized (lock) {
            request = WatchTrustBundleRequest.newBuilder().setCursor(cursor).build();
        }
        // After a long outage the channel itself would wait for minutes before it tries again.
        client.calls().connectNow();
        Context.CancellableContext watch = watches.withCancellation();
        watch.run(() -> TrustServiceGrpc.newStub(client.calls().channel())
                .watchTrustBundle(request, new Reader(watch)));
    }

    /** Whether the bundle was believed. */
    private boolean accept(WatchTrustBundleResponse response) {
        try {
            VerifiedTrustBundle bundle = TrustBundles.verify(response.getBundle().getBundleJson().toByteArray(),
                    publisher, client.nowMillis());
            synchronized (lock) {
                Known newest = known;
                if (newest == null || bundle.issuedAtMillis() > newest.bundle.issuedAtMillis()) {
                    known = new Known(bundle, bundle.trustAnchors());
                }
                cursor = response.getCursor();
                failures = 0;
                rejected = null;
                lock.notifyAll();
            }
            return true;
        } catch (PassportException e) {
            synchronized (lock) {
                rejected = e;
            }
            return false;
        }
    }

    private void ended(@Nullable PassportException why) {
        long wait;
        synchronized (lock) {
            if (why != null) {
                rejected = why;
                if (why.errorReason() == ErrorReason.INVALID_CURSOR) {
                    cursor = "";
                }
            }
            wait = Math.min(ClientLimits.MAX_BACKOFF.toMillis(),
                    ClientLimits.FIRST_BACKOFF.toMillis() << Math.min(failures, 10));
            failures++;
        }
        try {
            Future<?> unused = reconnects.schedule(this::connect, wait, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: nobody follows any more.
        }
    }

    /** Ends the watch; what was known stays known. */
    @Override
    public void close() {
        reconnects.shutdownNow();
        watches.cancel(null);
    }

    /** Reads one watch; its calls come one after another, and nothing comes after its end. */
    private final class Reader implements StreamObserver<WatchTrustBundleResponse> {

        private final Context.CancellableContext watch;
        private boolean disbelieved;

        Reader(Context.CancellableContext watch) {
            this.watch = watch;
        }

        @Override
        public void onNext(WatchTrustBundleResponse response) {
            if (!disbelieved && !accept(response)) {
                // It is not sent twice on one watch, and another clock, ours or theirs, may make it good.
                disbelieved = true;
                watch.cancel(null);
            }
        }

        @Override
        public void onError(Throwable failure) {
            boolean ours = disbelieved || !(failure instanceof StatusRuntimeException);
            ended(ours ? null : PassportException.of(client.target(), (StatusRuntimeException) failure));
            watch.cancel(null);
        }

        @Override
        public void onCompleted() {
            ended(null);
            watch.cancel(null);
        }
    }
}
