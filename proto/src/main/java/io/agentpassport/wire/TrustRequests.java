package io.agentpassport.wire;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.AddPublisherRequest;
import io.agentpassport.proto.v1.GetTrustBundleRequest;
import io.agentpassport.proto.v1.ImportTrustBundleRequest;
import io.agentpassport.proto.v1.ListAnchorsRequest;
import io.agentpassport.proto.v1.ListPublishersRequest;
import io.agentpassport.proto.v1.RemovePublisherRequest;
import io.agentpassport.proto.v1.RevokeAnchorRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of trust_service.proto as values, and their decoding. */
public final class TrustRequests {

    private TrustRequests() {}

    /**
     * Asks to follow a publisher's bundle.
     *
     * @param publisher whose; null means the service's own
     * @param cursor where to go on; null begins with the bundle in force
     */
    public record BundleWatch(@Nullable PublicKey publisher, @Nullable String cursor) {}

    /**
     * Asks whether a bundle is to be believed.
     *
     * @param trustedPublishersHex whom to trust, as text, for one in another form than lower-case hex matches nothing;
     *        null means those of the service
     * @param now the instant to judge by; null means now
     */
    public record BundleQuestion(TrustBundle bundle, @Nullable List<String> trustedPublishersHex,
            @Nullable Instant now) {}

    /** Asks to believe a publisher, for one domain and under these constraints; an empty list constrains nothing. */
    public record PublisherAddition(RequestId requestId, PublicKey publisher, String issuerDomain,
            List<String> allowedBindingConstraints) {}

    /** Asks to believe a publisher no longer. */
    public record PublisherRemoval(RequestId requestId, PublicKey publisher) {}

    /**
     * Asks for a list of anchors.
     *
     * @param publisher only of this one; null of any
     * @param state only in this one; null in any
     */
    public record AnchorQuery(@Nullable PublicKey publisher, @Nullable TrustAnchorState state, PageRequest page) {}

    /** Asks to revoke one of the service's own anchors, and says why. */
    public record AnchorRevocation(RequestId requestId, String anchorId, String reason) {}

    /** Decodes it: whose bundle, where none means the service's own. */
    public static Decoded<Optional<PublicKey>> decode(GetTrustBundleRequest request) {
        return Decoded.of(() -> Optional.ofNullable(publisher(request.getPublisherPubkeyHex())));
    }

    /** Decodes it. */
    public static Decoded<BundleWatch> decode(WatchTrustBundleRequest request) {
        return Decoded.of(() -> new BundleWatch(publisher(request.getPublisherPubkeyHex()),
                Fields.filter("cursor", request.getCursor(), Limits.TOKEN_CHARS)));
    }

    /** Decodes it. */
    public static Decoded<TrustBundle> decode(ImportTrustBundleRequest request) {
        return Decoded.of(() -> new TrustBundle(Documents.trustBundle("bundle_json", request.getBundleJson())));
    }

    /** Decodes it. */
    public static Decoded<BundleQuestion> decode(VerifyTrustBundleRequest request) {
        return Decoded.of(() -> {
            List<String> publishers = null;
            if (request.hasTrustedPublishers()) {
                publishers = List.copyOf(request.getTrustedPublishers().getPubkeysHexList());
                Fields.atMost("trusted_publishers.pubkeys_hex", publishers, Limits.PUBLISHER_KEYS);
            }
            return new BundleQuestion(new TrustBundle(Documents.trustBundle("bundle_json", request.getBundleJson())),
                    publishers, request.hasNow() ? WireTime.decode("now", request.getNow()) : null);
        });
    }

    /** Decodes it. */
    public static Decoded<PublisherAddition> decode(AddPublisherRequest request) {
        return Decoded.of(() -> new PublisherAddition(Fields.requestId(request.getRequestId()),
                Fields.publicKey("publisher_pubkey_hex", request.getPublisherPubkeyHex()),
                Fields.text("issuer_domain", request.getIssuerDomain(), Limits.NAME_CHARS),
                Fields.texts("allowed_binding_constraints", request.getAllowedBindingConstraintsList(),
                        Limits.BINDING_CONSTRAINTS, Limits.NAME_CHARS)));
    }

    /** Decodes it. */
    public static Decoded<PublisherRemoval> decode(RemovePublisherRequest request) {
        return Decoded.of(() -> new PublisherRemoval(Fields.requestId(request.getRequestId()),
                Fields.publicKey("publisher_pubkey_hex", request.getPublisherPubkeyHex())));
    }

    /** Decodes it. */
    public static Decoded<PageRequest> decode(ListPublishersRequest request) {
        return Decoded.of(() -> Fields.page(request.getPageSize(), request.getPageToken()));
    }

    /** Decodes it. */
    public static Decoded<AnchorQuery> decode(ListAnchorsRequest request) {
        return Decoded.of(() -> new AnchorQuery(publisher(request.getPublisherPubkeyHex()),
                switch (request.getState()) {
                    case TRUST_ANCHOR_STATE_UNSPECIFIED -> null;
                    case TRUST_ANCHOR_STATE_IN_FORCE -> TrustAnchorState.IN_FORCE;
                    case TRUST_ANCHOR_STATE_REVOKED -> TrustAnchorState.REVOKED;
                    case TRUST_ANCHOR_STATE_STALE -> TrustAnchorState.STALE;
                    case UNRECOGNIZED -> throw Malformed.field("state", "is no trust anchor state");
                },
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<AnchorRevocation> decode(RevokeAnchorRequest request) {
        return Decoded.of(() -> new AnchorRevocation(Fields.requestId(request.getRequestId()),
                Fields.text("anchor_id", request.getAnchorId(), Limits.NAME_CHARS),
                Fields.text("reason", request.getReason(), Limits.REASON_CHARS)));
    }

    private static @Nullable PublicKey publisher(String hex) {
        return Fields.optionalPublicKey("publisher_pubkey_hex", hex);
    }
}
