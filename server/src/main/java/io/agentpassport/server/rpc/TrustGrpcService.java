package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.AddPublisherRequest;
import io.agentpassport.proto.v1.AddPublisherResponse;
import io.agentpassport.proto.v1.GetTrustBundleRequest;
import io.agentpassport.proto.v1.GetTrustBundleResponse;
import io.agentpassport.proto.v1.ImportTrustBundleRequest;
import io.agentpassport.proto.v1.ImportTrustBundleResponse;
import io.agentpassport.proto.v1.ListAnchorsRequest;
import io.agentpassport.proto.v1.ListAnchorsResponse;
import io.agentpassport.proto.v1.ListPublishersRequest;
import io.agentpassport.proto.v1.ListPublishersResponse;
import io.agentpassport.proto.v1.RemovePublisherRequest;
import io.agentpassport.proto.v1.RemovePublisherResponse;
import io.agentpassport.proto.v1.RevokeAnchorRequest;
import io.agentpassport.proto.v1.RevokeAnchorResponse;
import io.agentpassport.proto.v1.TrustServiceGrpc.TrustServiceImplBase;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleResponse;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.trust.AddPublisher;
import io.agentpassport.server.trust.BundleInForce;
import io.agentpassport.server.trust.ImportBundle;
import io.agentpassport.server.trust.KnownAnchor;
import io.agentpassport.server.trust.OwnAnchor;
import io.agentpassport.server.trust.Publisher;
import io.agentpassport.server.trust.RemovePublisher;
import io.agentpassport.server.trust.RevokeAnchor;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.trust.TrustSnapshot;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.TrustAnswers;
import io.agentpassport.wire.TrustRequests;
import io.agentpassport.wire.TrustRequests.AnchorQuery;
import io.agentpassport.wire.TrustRequests.BundleQuestion;
import io.agentpassport.wire.TrustRequests.PublisherRemoval;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code TrustService} of the contract: every method decodes, asks trust, and encodes what it answers. */
final class TrustGrpcService extends TrustServiceImplBase {

    private final Trust trust;
    private final String audience;
    private final InstantSource clock;
    private final Answers answers;

    /** @param audience the binding of the service's own certificate */
    TrustGrpcService(Trust trust, String audience, InstantSource clock, Answers answers) {
        this.trust = trust;
        this.audience = audience;
        this.clock = clock;
        this.answers = answers;
    }

    @Override
    public void getTrustBundle(GetTrustBundleRequest request, StreamObserver<GetTrustBundleResponse> to) {
        answers.here(to, TrustRequests.decode(request), asked -> {
            PublicKey key = asked.orElse(trust.own().publisherKey());
            TrustSnapshot snapshot = trust.current();
            Publisher publisher = snapshot.publisherOf(key);
            if (publisher == null) {
                return Answer.<GetTrustBundleResponse>refused(ServiceErrors.publisherNotFound(key)).now();
            }
            TrustBundle bundle = bundleOf(snapshot, key);
            return (bundle == null
                    ? Answer.<GetTrustBundleResponse>refused(ServiceErrors.bundleNotFound(key))
                    : Answer.of(TrustAnswers.found(bundle, audience, publisher.issuerDomain()))).now();
        });
    }

    @Override
    public void watchTrustBundle(WatchTrustBundleRequest request, StreamObserver<WatchTrustBundleResponse> to) {
        switch (TrustRequests.decode(request)) {
            case Decoded.Invalid<TrustRequests.BundleWatch> invalid -> to.onError(GrpcErrors.of(invalid.error()));
            case Decoded.Valid<TrustRequests.BundleWatch> valid -> {
                PublicKey publisher = valid.value().publisher();
                String cursor = valid.value().cursor();
                BundleStream.open(trust, publisher == null ? trust.own().publisherKey() : publisher,
                        cursor == null ? "" : cursor, (ServerCallStreamObserver<WatchTrustBundleResponse>) to);
            }
        }
    }

    @Override
    public void importTrustBundle(ImportTrustBundleRequest request, StreamObserver<ImportTrustBundleResponse> to) {
        byte[] bytes = request.getBundleJson().toByteArray();
        answers.reading(to, TrustRequests.decode(request),
                gated -> trust.importBundle(bytes).thenApply(TrustGrpcService::imported));
    }

    private static Answer<ImportTrustBundleResponse> imported(ImportBundle.Outcome outcome) {
        return switch (outcome) {
            case ImportBundle.Imported done -> Answer.of(TrustAnswers.imported(done.changed(),
                    encode(done.publisher(), new TrustBundle(done.bundle().bundle().json()))));
            case ImportBundle.Malformed malformed ->
                Answer.refused(ServiceErrors.documentRejected("bundle_json", malformed.rejected()));
            case ImportBundle.Invalid invalid -> Answer.refused(ServiceErrors.bundleInvalid(invalid.reason()));
            case ImportBundle.IsOwn own -> Answer.refused(
                    ServiceErrors.invalidField("bundle_json", "is the service's own, which it alone publishes"));
            case ImportBundle.Rollback rollback ->
                Answer.refused(ServiceErrors.bundleRollback(Instant.ofEpochMilli((long) rollback.issuedAtMillis()),
                        Instant.ofEpochMilli((long) rollback.floorMillis())));
            case ImportBundle.AnchorConflict conflict ->
                Answer.refused(ServiceErrors.anchorConflict(conflict.anchorId(), conflict.otherPublisher()));
            case ImportBundle.WeakAnchorKey weak ->
                Answer.refused(ServiceErrors.weakPublicKey("bundle_json", "anchor " + weak.anchorId()));
            case ImportBundle.TooMuch much ->
                Answer.refused(ServiceErrors.invalidField("bundle_json", much.problem()));
        };
    }

    @Override
    public void verifyTrustBundle(VerifyTrustBundleRequest request, StreamObserver<VerifyTrustBundleResponse> to) {
        answers.here(to, TrustRequests.decode(request), question -> {
            Instant now = question.now() == null ? Instant.ofEpochMilli(clock.millis()) : question.now();
            return Answer.of(TrustAnswers.judged(judge(question, now), now)).now();
        });
    }

    private TrustBundle.Verdict judge(BundleQuestion question, Instant now) {
        List<String> publishers = question.trustedPublishersHex();
        return publishers == null
                ? trust.current().verify(question.bundle(), now)
                : question.bundle().verify(publishers, (double) now.toEpochMilli());
    }

    @Override
    public void addPublisher(AddPublisherRequest request, StreamObserver<AddPublisherResponse> to) {
        answers.here(to, TrustRequests.decode(request),
                asked -> trust
                        .addPublisher(new AddPublisher(asked.publisher(), asked.issuerDomain(),
                                asked.allowedBindingConstraints()))
                        .thenApply(this::added));
    }

    private Answer<AddPublisherResponse> added(AddPublisher.Outcome outcome) {
        return switch (outcome) {
            case AddPublisher.Added added -> Answer.of(TrustAnswers.added(encode(added.publisher())));
            case AddPublisher.WeakKey weak ->
                Answer.refused(ServiceErrors.weakPublicKey("publisher_pubkey_hex", ""));
            case AddPublisher.Conflict conflict -> Answer.refused(ServiceErrors
                    .publisherConflict(conflict.standing().key(), conflict.standing().issuerDomain()));
            case AddPublisher.Unacceptable wrong ->
                Answer.refused(ServiceErrors.invalidField(wrong.field(), wrong.problem()));
        };
    }

    @Override
    public void removePublisher(RemovePublisherRequest request, StreamObserver<RemovePublisherResponse> to) {
        answers.here(to, TrustRequests.decode(request), asked -> {
            TrustBundle last = bundleOf(trust.current(), asked.publisher());
            return trust.removePublisher(new RemovePublisher(asked.requestId().text(), asked.publisher()))
                    .thenApply(outcome -> removed(outcome, asked, last));
        });
    }

    private static Answer<RemovePublisherResponse> removed(RemovePublisher.Outcome outcome, PublisherRemoval asked,
            @Nullable TrustBundle last) {
        return switch (outcome) {
            case RemovePublisher.Removed removed ->
                Answer.of(TrustAnswers.removed(encode(removed.publisher(), last)));
            case RemovePublisher.NotFound absent ->
                Answer.refused(ServiceErrors.publisherNotFound(asked.publisher()));
            case RemovePublisher.IsOwn own -> Answer.refused(ServiceErrors.publisherIsOwn(asked.publisher()));
            case RemovePublisher.RequestIdReused reused ->
                Answer.refused(ServiceErrors.requestIdReused(asked.requestId()));
        };
    }

    @Override
    public void listPublishers(ListPublishersRequest request, StreamObserver<ListPublishersResponse> to) {
        answers.here(to, TrustRequests.decode(request), asked -> {
            ListPage<Publisher> page = InMemoryPage.of(trust.current().publishers(), "publishers",
                    publisher -> publisher.key().hex(), asked);
            return Answer.listed(page, this::encode, TrustAnswers::listedPublishers).now();
        });
    }

    @Override
    public void listAnchors(ListAnchorsRequest request, StreamObserver<ListAnchorsResponse> to) {
        answers.here(to, TrustRequests.decode(request), this::anchors);
    }

    private CompletableFuture<Answer<ListAnchorsResponse>> anchors(AnchorQuery query) {
        Instant now = clock.instant();
        List<TrustAnswers.KnownAnchor> matching = trust.current()
                .knownAnchors()
                .stream()
                .filter(anchor -> query.publisher() == null || query.publisher().equals(anchor.publisher().key()))
                .map(anchor -> encode(anchor, now))
                .filter(anchor -> query.state() == null || query.state() == anchor.state())
                .toList();
        ListPage<TrustAnswers.KnownAnchor> page = InMemoryPage.of(matching,
                "anchors " + query.publisher() + query.state(),
                anchor -> anchor.publisher().hex() + anchor.anchor().key().hex() + anchor.anchor().anchorId(),
                query.page());
        return Answer.listed(page, Function.identity(), TrustAnswers::listedAnchors).now();
    }

    @Override
    public void revokeAnchor(RevokeAnchorRequest request, StreamObserver<RevokeAnchorResponse> to) {
        answers.here(to, TrustRequests.decode(request),
                asked -> trust.revokeAnchor(new RevokeAnchor(asked.anchorId(), asked.reason()))
                        .thenApply(outcome -> switch (outcome) {
                            case RevokeAnchor.Revoked revoked -> Answer.of(revoked(revoked));
                            case RevokeAnchor.NotFound absent ->
                                Answer.refused(ServiceErrors.anchorNotFound(asked.anchorId()));
                        }));
    }

    private RevokeAnchorResponse revoked(RevokeAnchor.Revoked revoked) {
        OwnAnchor anchor = revoked.anchor();
        PublicKey own = trust.own().publisherKey();
        TrustBundle bundle = bundleOf(trust.current(), own);
        if (bundle == null) {
            throw new IllegalStateException("our own bundle is published before anything is answered");
        }
        return TrustAnswers.revoked(new TrustAnswers.KnownAnchor(anchor.anchor().json(), anchor.anchor(), own,
                trust.own().issuerDomain(), TrustAnchorState.REVOKED), revoked.mark().at(), bundle);
    }

    private TrustAnswers.Publisher encode(Publisher publisher) {
        return encode(publisher, bundleOf(trust.current(), publisher.key()));
    }

    private static TrustAnswers.Publisher encode(Publisher publisher, @Nullable TrustBundle bundle) {
        return new TrustAnswers.Publisher(publisher.key(), publisher.issuerDomain(), publisher.allowedBindings(),
                publisher.own(), publisher.addedAt(), bundle);
    }

    private static TrustAnswers.KnownAnchor encode(KnownAnchor anchor, Instant now) {
        return new TrustAnswers.KnownAnchor(anchor.document(), anchor.anchor(), anchor.publisher().key(),
                anchor.publisher().issuerDomain(), anchor.state(now));
    }

    private static @Nullable TrustBundle bundleOf(TrustSnapshot snapshot, PublicKey publisher) {
        BundleInForce bundle = snapshot.bundleOf(publisher);
        return bundle == null ? null : new TrustBundle(bundle.bundle().json());
    }
}
