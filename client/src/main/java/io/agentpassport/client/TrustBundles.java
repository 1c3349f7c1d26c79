package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.proto.v1.AddPublisherRequest;
import io.agentpassport.proto.v1.BundleImportOutcome;
import io.agentpassport.proto.v1.GetTrustBundleRequest;
import io.agentpassport.proto.v1.GetTrustBundleResponse;
import io.agentpassport.proto.v1.ImportTrustBundleRequest;
import io.agentpassport.proto.v1.ListAnchorsRequest;
import io.agentpassport.proto.v1.ListAnchorsResponse;
import io.agentpassport.proto.v1.ListPublishersRequest;
import io.agentpassport.proto.v1.ListPublishersResponse;
import io.agentpassport.proto.v1.PublishedBundle;
import io.agentpassport.proto.v1.RemovePublisherRequest;
import io.agentpassport.proto.v1.RevokeAnchorRequest;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trust bundles at one service. */
public final class TrustBundles {

    /** The member of our own bundles that lists the keys of the service's logs; the first is in use. */
    private static final String LOG_KEYS = "log_keys";
    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final PassportClient client;

    TrustBundles(PassportClient client) {
        this.client = client;
    }

    /** How the service introduces itself, with its own bundle in force. */
    public ServiceIntroduction introduce() {
        GetTrustBundleResponse response = client.calls()
                .call(TrustServiceGrpc.getGetTrustBundleMethod(), GetTrustBundleRequest.getDefaultInstance(),
                        Calls.Repeat.SAFE);
        PublishedBundle bundle = response.getBundle();
        return new ServiceIntroduction(response.getAudience(),
                Certificates.publisherKey(bundle.getView().getPublisherPubkeyHex()), response.getIssuerDomain(),
                bundle.getBundleJson().toByteArray());
    }

    /**
     * The service's own bundle in force, verified by the publisher key that its client knows from elsewhere.
     *
     * @throws PassportException when it is not signed by that key, or not in force
     */
    public VerifiedTrustBundle verified(PublicKey publisher) {
        return verify(introduce().bundleJson(), publisher, client.nowMillis());
    }

    /**
     * The key by which receipts of the service verify, as its own bundle names it.
     *
     * @param audience the service's name for itself, with which the names of its logs begin
     * @param publisher verifies the bundle; known from elsewhere, for instance from {@link AgentIdentity#publisher}
     * @throws PassportException when the bundle is not signed by that key, is not in force, or names no log key
     */
    public LogKey logKey(String audience, PublicKey publisher) {
        List<String> named = verified(publisher).json().strings(LOG_KEYS);
        PublicKey key = named == null || named.isEmpty() ? null : PublicKey.fromHex(named.get(0));
        if (key == null) {
            throw PassportException.protocolViolation("the service's trust bundle names no log key");
        }
        return new LogKey(audience, key);
    }

    /** Follows the service's own bundle, verified by that publisher key; what it revokes is refused within a second. */
    public TrustFollower follow(PublicKey publisher) {
        return TrustFollower.start(client, publisher);
    }

    /**
     * As an admin (mTLS): takes in a newer bundle of a publisher that was added before.
     *
     * @return whether something changed: false when these very bytes were in force already
     */
    public boolean importBundle(byte[] bundleJson) {
        ImportTrustBundleRequest request = ImportTrustBundleRequest.newBuilder()
                .setBundleJson(ByteString.copyFrom(bundleJson))
                .build();
        return client.calls()
                .call(TrustServiceGrpc.getImportTrustBundleMethod(), request, Calls.Repeat.SAFE)
                .getOutcome() == BundleImportOutcome.BUNDLE_IMPORT_OUTCOME_IMPORTED;
    }

    /**
     * As an admin (mTLS): begins to believe a publisher.
     *
     * @param bindingConstraints the bindings that its anchors may certify; empty for any
     */
    public PublisherRecord addPublisher(PublicKey publisher, String issuerDomain, List<String> bindingConstraints) {
        AddPublisherRequest request = AddPublisherRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setPublisherPubkeyHex(publisher.hex())
                .setIssuerDomain(issuerDomain)
                .addAllAllowedBindingConstraints(bindingConstraints)
                .build();
        return PublisherRecord.of(client.calls()
                .call(TrustServiceGrpc.getAddPublisherMethod(), request, Calls.Repeat.SAFE)
                .getPublisher());
    }

    /** As an admin (mTLS): stops believing a publisher. */
    public PublisherRecord removePublisher(PublicKey publisher) {
        RemovePublisherRequest request = RemovePublisherRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setPublisherPubkeyHex(publisher.hex())
                .build();
        return PublisherRecord.of(client.calls()
                .call(TrustServiceGrpc.getRemovePublisherMethod(), request, Calls.Repeat.SAFE)
                .getPublisher());
    }

    /**
     * As an admin (mTLS): a page of publishers, the service's own first.
     *
     * @param pageToken of the page before; null begins
     */
    public Page<PublisherRecord> listPublishers(@Nullable String pageToken) {
        ListPublishersRequest request = ListPublishersRequest.newBuilder()
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListPublishersResponse page = client.calls()
                .call(TrustServiceGrpc.getListPublishersMethod(), request, Calls.Repeat.SAFE);
        return new Page<>(page.getPublishersList().stream().map(PublisherRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * As an admin (mTLS): a page of anchors.
     *
     * @param pageToken of the page before; null begins
     */
    public Page<AnchorRecord> listAnchors(@Nullable String pageToken) {
        ListAnchorsRequest request = ListAnchorsRequest.newBuilder()
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListAnchorsResponse page = client.calls()
                .call(TrustServiceGrpc.getListAnchorsMethod(), request, Calls.Repeat.SAFE);
        return new Page<>(page.getAnchorsList().stream().map(AnchorRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * As an admin (mTLS): revokes one of the service's own anchors, and all it issued; in force when this returns.
     *
     * @param reason for people who read the log, 1 to 256 characters
     */
    public AnchorRecord revokeAnchor(String anchorId, String reason) {
        RevokeAnchorRequest request = RevokeAnchorRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setAnchorId(anchorId)
                .setReason(reason)
                .build();
        return AnchorRecord.of(client.calls()
                .call(TrustServiceGrpc.getRevokeAnchorMethod(), request, Calls.Repeat.SAFE)
                .getAnchor());
    }

    /**
     * The instant by which to judge a bundle: now, or its own when that is ahead by no more than clocks may differ. A
     * bundle is sent the moment it is made, and must not be missed by a clock that is a little behind.
     */
    private static double instant(JsonObject bundle, double nowMillis) {
        Double issuedAt = bundle.number("issued_at");
        return issuedAt != null && issuedAt > nowMillis && issuedAt - nowMillis <= ClientLimits.CLOCK_SKEW.toMillis()
                ? issuedAt
                : nowMillis;
    }

    static VerifiedTrustBundle verify(byte[] bundleJson, PublicKey publisher, double nowMillis) {
        if (!(PARSER.parse(bundleJson) instanceof JsonParser.Parsed parsed)) {
            throw PassportException.protocolViolation("the service's trust bundle is not strict JSON");
        }
        JsonObject document = parsed.object();
        TrustBundle.Verdict verdict = new TrustBundle(document).verify(List.of(publisher.hex()),
                instant(document, nowMillis));
        if (verdict instanceof TrustBundle.Valid valid) {
            return valid.bundle();
        }
        throw PassportException.protocolViolation("the service's trust bundle is not to be believed ("
                + ((TrustBundle.Invalid) verdict).text() + "); expected the publisher key " + publisher.hex());
    }
}
