package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.CommitListener;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.StoredRow;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whom the service believes. Reads are of {@link #current}, one volatile read; writes are decided in the service partition,
 * and are in force when their future completes, since the snapshot is swapped before anyone is answered.
 *
 * <p>
 * Life: {@link #load} before the partition starts, {@link #begin} after, {@link #refresh} on a schedule of some seconds,
 * {@link #close}.
 */
public final class Trust implements AutoCloseable, CommitListener {

    private final Partition service;
    private final OwnIssuer own;
    private final TrustLimits limits;
    private final OwnBundle ownBundle;
    private final BundleWatches watches;
    private final AtomicInteger revoking = new AtomicInteger();

    private volatile TrustSnapshot current;

    private Trust(Partition service, OwnIssuer own, TrustLimits limits, Executor later, Executor deliveries) {
        this.service = service;
        this.own = own;
        this.limits = limits;
        this.current = TrustSnapshot.of(TrustState.load(service), 1);
        this.ownBundle = new OwnBundle(own, service, this::current, later, limits);
        this.watches = new BundleWatches(this::current, service::now, deliveries, limits);
    }

    /**
     * Reads what is stored and listens to the partition, which is not started yet.
     *
     * @param later
     *            runs a task after {@link TrustLimits#COALESCE}, which is when revocations are published
     * @param deliveries
     *            where watchers are called
     */
    public static Trust load(Partition service, OwnIssuer own, TrustLimits limits, Executor later,
            Executor deliveries) {
        Trust trust = new Trust(service, own, limits, later, deliveries);
        service.listen(trust);
        return trust;
    }

    /** Makes the service its own first publisher and its issuing key an anchor, and publishes the bundle that is missing. */
    public CompletableFuture<Establish.Outcome> begin() {
        return restructure((on, rows) -> Establish.decide(own, on, rows, limits)).thenCompose(outcome -> {
            if (outcome instanceof Establish.Impossible) {
                return CompletableFuture.completedFuture(outcome);
            }
            return ownBundle.publishIfMissing().thenApply(done -> outcome);
        });
    }

    /** Publishes our bundle anew when it is time, and closes watches that are too slow. */
    public void refresh() {
        var unused = ownBundle.publishIfMissing();
        watches.changed();
    }

    /** What is in force. */
    public TrustSnapshot current() {
        return current;
    }

    /** Who we are as an issuer. */
    public OwnIssuer own() {
        return own;
    }

    public CompletableFuture<AddPublisher.Outcome> addPublisher(AddPublisher add) {
        AddPublisher.Outcome problem = add.problem(limits);
        return problem != null ? CompletableFuture.completedFuture(problem)
                : restructure((on, rows) -> add.decide(on, rows, limits));
    }

    public CompletableFuture<RemovePublisher.Outcome> removePublisher(RemovePublisher remove) {
        return restructure(remove::decide);
    }

    /** Verifies a bundle on this thread and puts it in force; see {@link ImportBundle} for what is refused. */
    public CompletableFuture<ImportBundle.Outcome> importBundle(byte[] bytes) {
        return switch (ImportBundle.check(bytes, current, own, service.now(), limits)) {
            case ImportBundle.Checked.Bad bad -> CompletableFuture.completedFuture(bad.outcome());
            case ImportBundle.Checked.Good good ->
                restructure((on, rows) -> ImportBundle.decide(good.bundle(), on, rows));
        };
    }

    /** Revokes an anchor of ours; completes when our bundle says so too. */
    public CompletableFuture<RevokeAnchor.Outcome> revokeAnchor(RevokeAnchor revoke) {
        return service.submit(revoke)
                .thenCompose(
                        outcome -> outcome instanceof RevokeAnchor.Revoked
                                ? ownBundle.publish().thenApply(bundle -> outcome)
                                : CompletableFuture.completedFuture(outcome));
    }

    /** Revokes a certificate that this service issued; our bundle says so within a moment. */
    public CompletableFuture<RevokeCertificate.Outcome> revokeCertificate(RevokeCertificate revoke) {
        // Counted while under way as well, so that a race of revocations cannot make the bundle too long.
        int underWay = revoking.incrementAndGet();
        TrustSnapshot on = current;
        if (on.state().revocations().size() + underWay > limits.revokedCertificates()
                && !on.isRevoked(revoke.certificate())) {
            revoking.decrementAndGet();
            return CompletableFuture.completedFuture(
                    new RevokeCertificate.BundleFull(limits.revokedCertificates(), own.anchorId()));
        }
        return service.submit(revoke)
                .whenComplete((revocation, failure) -> revoking.decrementAndGet())
                .thenApply(RevokeCertificate.Revoked::new);
    }

    /** The record of a revocation, also of a certificate whose life is over, or null; may read the store. */
    public @Nullable Revocation revocationOf(CertificateId certificate) {
        Revocation inMemory = current.revocationOf(certificate);
        if (inMemory != null) {
            return inMemory;
        }
        StoredRow<CertificateId, Revocation> row = service.get(TrustRows.REVOKED_CERTIFICATES, certificate);
        return row == null ? null : row.value();
    }

    /**
     * Follows the bundle of a publisher.
     *
     * @param cursor
     *            the last that was received, empty to begin
     * @return a {@link BundleWatches.Watch}, or why not
     */
    public BundleWatches.Outcome watch(PublicKey publisher, String cursor, BundleWatches.Reader reader) {
        return watches.open(publisher, cursor, reader);
    }

    /** How many follow a bundle. */
    public int watching() {
        return watches.count();
    }

    /** Ends all watches. */
    @Override
    public void close() {
        watches.closeAll();
    }

    /** Swaps the snapshot; on the writer's thread. */
    @Override
    public void committed(Changes changes) {
        TrustSnapshot before = current;
        TrustState state = before.state().after(changes);
        if (state == null) {
            return;
        }
        current = TrustSnapshot.of(state, before.version() + 1);
        if (state.speaksAnew(before.state())) {
            ownBundle.changed();
        }
        watches.changed();
    }

    /** Decides on the snapshot that is current when it is this change's turn. */
    private <R> CompletableFuture<R> restructure(StructuralChange.Decision<R> decision) {
        // Tried again without end: every miss is another's success, and those who change the structure are few.
        return service.submit(new StructuralChange<>(current, decision))
                .thenCompose(
                        answer -> answer != null ? CompletableFuture.completedFuture(answer) : restructure(decision));
    }
}
