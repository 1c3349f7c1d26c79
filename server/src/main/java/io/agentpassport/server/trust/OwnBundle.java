package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.UnsignedTrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.partition.QueuedOnce;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own bundle: signs what the newest snapshot says and puts it in force, one publication after the other. What is
 * revoked is in force here before that; the bundle tells others.
 */
final class OwnBundle {

    private static final Logger LOG = LoggerFactory.getLogger(OwnBundle.class);

    /** The member that lists the keys of our log, by which receipts verify: beyond those that each bundle has. */
    private static final String LOG_KEYS = "log_keys";

    private final OwnIssuer own;
    private final Partition service;
    private final Supplier<TrustSnapshot> current;
    private final TrustLimits limits;
    private final QueuedOnce publishing;

    private CompletableFuture<BundleInForce> last = new CompletableFuture<>();

    /**
     * Nothing is published yet.
     *
     * @param later
     *            runs a task after {@link TrustLimits#COALESCE}
     */
    OwnBundle(OwnIssuer own, Partition service, Supplier<TrustSnapshot> current, Executor later, TrustLimits limits) {
        this.own = own;
        this.service = service;
        this.current = current;
        this.limits = limits;
        this.publishing = new QueuedOnce(later, () -> {
            var unused = publish();
        });
        this.last.cancel(false);
    }

    /** Something to tell others has changed: it goes into one bundle with what follows shortly. Quick, never throws. */
    void changed() {
        // What is not published because the service stops, the next start finds missing.
        publishing.ask();
    }

    /** Publishes when something is missing in the bundle in force, or little is left of its life. */
    CompletableFuture<?> publishIfMissing() {
        return isMissing(current.get(), service.now()) ? publish() : CompletableFuture.completedFuture(null);
    }

    /** Publishes the newest snapshot; completes when the bundle is in force. */
    synchronized CompletableFuture<BundleInForce> publish() {
        last = last.handle((bundle, failure) -> current.get()).thenCompose(this::sign);
        var unused = last.whenComplete((bundle, failure) -> {
            if (failure != null && !isStopping(failure)) {
                LOG.warn("our trust bundle was not published; it is tried again soon", failure);
            }
        });
        return last;
    }

    /** Then there is nothing to say: the next start publishes what is missing. */
    private static boolean isStopping(Throwable failure) {
        return failure.getCause() instanceof PartitionUnavailable unavailable
                && unavailable.reason() == PartitionUnavailable.Reason.CLOSED;
    }

    private CompletableFuture<BundleInForce> sign(TrustSnapshot snapshot) {
        Instant now = service.now();
        Floor floor = snapshot.state().floors().get(own.publisherKey());
        double millis = (double) now.toEpochMilli();
        // One of the future was made by a clock that was wrong, and nobody believed it yet.
        double issuedAt = floor == null || isOfTheFuture(floor.issuedAtMillis(), now) ? millis
                : Math.max(millis, floor.issuedAtMillis() + 1);
        BundleInForce bundle = BundleInForce
                .own(SignedDocument.signOwn(
                        content(snapshot, now, issuedAt).json().with(LOG_KEYS, logKeys()), own.bundleKey()));
        return service.submit(rows -> put(bundle, rows));
    }

    private static boolean isOfTheFuture(double issuedAtMillis, Instant now) {
        return issuedAtMillis > now.plus(TrustedClock.TOLERANCE).toEpochMilli();
    }

    /** Publications come one after the other, so nothing can have come between. */
    private BundleInForce put(BundleInForce bundle, Rows rows) {
        rows.put(TrustRows.BUNDLES, own.publisherKey(), bundle);
        rows.put(TrustRows.FLOORS, own.publisherKey(), bundle.floor());
        return bundle;
    }

    private UnsignedTrustBundle content(TrustSnapshot snapshot, Instant now, double issuedAt) {
        return new UnsignedTrustBundle(own.issuerDomain() + "/" + (long) issuedAt, issuedAt, anchors(snapshot),
                issuedAt + (double) limits.bundleLife().toMillis(), revokedAnchors(snapshot),
                revokedCertificates(snapshot, now).map(CertificateId::text).toList(), own.publisherKey());
    }

    private JsonArray logKeys() {
        return JsonArray.ofStrings(List.of(own.logKey().hex()));
    }

    private static List<JsonObject> anchors(TrustSnapshot snapshot) {
        return sortedAnchors(snapshot).map(anchor -> anchor.anchor().json()).toList();
    }

    private static List<String> revokedAnchors(TrustSnapshot snapshot) {
        return sortedAnchors(snapshot).filter(anchor -> anchor.revoked() != null)
                .map(anchor -> anchor.anchor().anchorId())
                .toList();
    }

    private static Stream<OwnAnchor> sortedAnchors(TrustSnapshot snapshot) {
        return snapshot.state()
                .anchors()
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
    }

    private static Stream<CertificateId> revokedCertificates(TrustSnapshot snapshot, Instant now) {
        return snapshot.state()
                .revocations()
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue().matters(now))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(CertificateId::text));
    }

    private boolean isMissing(TrustSnapshot snapshot, Instant now) {
        BundleInForce inForce = snapshot.bundleOf(own.publisherKey());
        if (inForce == null) {
            return true;
        }
        VerifiedTrustBundle bundle = inForce.bundle();
        return isOfTheFuture(bundle.issuedAtMillis(), now)
                || (double) now.plus(limits.bundleRefresh()).toEpochMilli() > bundle.refreshAfterMillis()
                || !logKeys().equals(bundle.json().get(LOG_KEYS))
                || bundle.anchors().size() != snapshot.state().anchors().size()
                || !bundle.revokedAnchors().containsAll(revokedAnchors(snapshot))
                || !revokedCertificates(snapshot, now).allMatch(bundle.revokedCertificates()::contains);
    }
}
