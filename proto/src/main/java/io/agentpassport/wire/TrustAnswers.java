package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.AddPublisherResponse;
import io.agentpassport.proto.v1.BundleImportOutcome;
import io.agentpassport.proto.v1.GetTrustBundleResponse;
import io.agentpassport.proto.v1.ImportTrustBundleResponse;
import io.agentpassport.proto.v1.ListAnchorsResponse;
import io.agentpassport.proto.v1.ListPublishersResponse;
import io.agentpassport.proto.v1.PublishedBundle;
import io.agentpassport.proto.v1.RemovePublisherResponse;
import io.agentpassport.proto.v1.RevokeAnchorResponse;
import io.agentpassport.proto.v1.TrustBundleFailure;
import io.agentpassport.proto.v1.TrustBundleFailureReason;
import io.agentpassport.proto.v1.VerifyTrustBundleResponse;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of trust_service.proto as values, and their encoding. */
public final class TrustAnswers {

    private TrustAnswers() {}

    /**
     * Somebody whose bundles this service believes.
     *
     * @param own whether it is the service itself
     * @param bundle the one in force; null until one is imported
     */
    public record Publisher(PublicKey key, String issuerDomain, List<String> allowedBindingConstraints, boolean own,
            Instant addedAt, @Nullable TrustBundle bundle) {

        /** Copies the list. */
        public Publisher {
            allowedBindingConstraints = List.copyOf(allowedBindingConstraints);
        }
    }

    /**
     * An anchor of a bundle in force.
     *
     * @param json its document, as in the bundle
     * @param anchor the same, read
     * @param publisher who lists it
     * @param issuerDomain what it issues for
     */
    public record KnownAnchor(JsonObject json, TrustAnchor anchor, PublicKey publisher, String issuerDomain,
            TrustAnchorState state) {}

    /** Answers GetTrustBundle. */
    public static GetTrustBundleResponse found(TrustBundle bundle, String audience, String issuerDomain) {
        return GetTrustBundleResponse.newBuilder()
                .setBundle(published(bundle))
                .setAudience(audience)
                .setIssuerDomain(issuerDomain)
                .build();
    }

    /** Tells a watch of a bundle that is in force from now on. */
    public static WatchTrustBundleResponse changed(TrustBundle bundle, String cursor) {
        return WatchTrustBundleResponse.newBuilder().setBundle(published(bundle)).setCursor(cursor).build();
    }

    /** Answers ImportTrustBundle: whether the bundle replaced another, or was in force already. */
    public static ImportTrustBundleResponse imported(boolean replaced, Publisher publisher) {
        return ImportTrustBundleResponse.newBuilder()
                .setOutcome(replaced
                        ? BundleImportOutcome.BUNDLE_IMPORT_OUTCOME_IMPORTED
                        : BundleImportOutcome.BUNDLE_IMPORT_OUTCOME_UNCHANGED)
                .setPublisher(encode(publisher))
                .build();
    }

    /** Answers VerifyTrustBundle. */
    public static VerifyTrustBundleResponse judged(TrustBundle.Verdict verdict, Instant judgedAt) {
        var response = VerifyTrustBundleResponse.newBuilder().setJudgedAt(WireTime.encode(judgedAt));
        if (verdict instanceof TrustBundle.Valid valid) {
            response.setVerified(Views.of(new TrustBundle(valid.bundle().json())));
        } else {
            response.setFailure(TrustBundleFailure.newBuilder().setReason(encode((TrustBundle.Invalid) verdict)));
        }
        return response.build();
    }

    /** Answers AddPublisher. */
    public static AddPublisherResponse added(Publisher publisher) {
        return AddPublisherResponse.newBuilder().setPublisher(encode(publisher)).build();
    }

    /** Answers RemovePublisher. */
    public static RemovePublisherResponse removed(Publisher publisher) {
        return RemovePublisherResponse.newBuilder().setPublisher(encode(publisher)).build();
    }

    /** Answers ListPublishers. */
    public static ListPublishersResponse listedPublishers(Page<Publisher> page) {
        var response = ListPublishersResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(publisher -> response.addPublishers(encode(publisher)));
        return response.build();
    }

    /** Answers ListAnchors. */
    public static ListAnchorsResponse listedAnchors(Page<KnownAnchor> page) {
        var response = ListAnchorsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(anchor -> response.addAnchors(encode(anchor)));
        return response.build();
    }

    /** Answers RevokeAnchor, with the bundle that says so. */
    public static RevokeAnchorResponse revoked(KnownAnchor anchor, Instant revokedAt, TrustBundle bundle) {
        return RevokeAnchorResponse.newBuilder()
                .setAnchor(encode(anchor))
                .setRevokedAt(WireTime.encode(revokedAt))
                .setBundle(Views.of(bundle))
                .build();
    }

    static TrustBundleFailureReason encode(TrustBundle.Invalid reason) {
        return switch (reason) {
            case UNTRUSTED_PUBLISHER ->
                TrustBundleFailureReason.TRUST_BUNDLE_FAILURE_REASON_UNTRUSTED_PUBLISHER;
            case SIGNATURE_INVALID -> TrustBundleFailureReason.TRUST_BUNDLE_FAILURE_REASON_SIGNATURE_INVALID;
            case NOT_YET_VALID -> TrustBundleFailureReason.TRUST_BUNDLE_FAILURE_REASON_NOT_YET_VALID;
            case BUNDLE_EXPIRED -> TrustBundleFailureReason.TRUST_BUNDLE_FAILURE_REASON_BUNDLE_EXPIRED;
        };
    }

    private static PublishedBundle published(TrustBundle bundle) {
        return PublishedBundle.newBuilder()
                .setBundleJson(ByteString.copyFrom(Jcs.bytes(bundle.json())))
                .setView(Views.of(bundle))
                .build();
    }

    private static io.agentpassport.proto.v1.Publisher encode(Publisher publisher) {
        var message = io.agentpassport.proto.v1.Publisher.newBuilder()
                .setPublisherPubkeyHex(publisher.key().hex())
                .setIssuerDomain(publisher.issuerDomain())
                .addAllAllowedBindingConstraints(publisher.allowedBindingConstraints())
                .setOwn(publisher.own())
                .setAddedAt(WireTime.encode(publisher.addedAt()));
        TrustBundle bundle = publisher.bundle();
        if (bundle != null) {
            message.setBundle(Views.of(bundle));
        }
        return message.build();
    }

    private static io.agentpassport.proto.v1.KnownAnchor encode(KnownAnchor known) {
        TrustAnchor anchor = known.anchor();
        var message = io.agentpassport.proto.v1.KnownAnchor.newBuilder()
                .setAnchorJson(ByteString.copyFrom(Jcs.bytes(known.json())))
                .setAnchorId(anchor.anchorId())
                .setRole(Roles.encode(anchor.role()))
                .setPubkeyHex(anchor.key().hex())
                .addAllBindingConstraints(anchor.bindingConstraints())
                .setPublisherPubkeyHex(known.publisher().hex())
                .setIssuerDomain(known.issuerDomain())
                .setState(encode(known.state()));
        String displayName = anchor.displayName();
        if (displayName != null) {
            message.setDisplayName(displayName);
        }
        Views.time(anchor.notBeforeMillis(), message::setNotBefore);
        Views.time(anchor.notAfterMillis(), message::setNotAfter);
        return message.build();
    }

    private static io.agentpassport.proto.v1.TrustAnchorState encode(TrustAnchorState state) {
        return switch (state) {
            case IN_FORCE -> io.agentpassport.proto.v1.TrustAnchorState.TRUST_ANCHOR_STATE_IN_FORCE;
            case REVOKED -> io.agentpassport.proto.v1.TrustAnchorState.TRUST_ANCHOR_STATE_REVOKED;
            case STALE -> io.agentpassport.proto.v1.TrustAnchorState.TRUST_ANCHOR_STATE_STALE;
        };
    }
}
