package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.proto.v1.AddPublisherRequest;
import io.agentpassport.proto.v1.GetTrustBundleRequest;
import io.agentpassport.proto.v1.GetTrustBundleResponse;
import io.agentpassport.proto.v1.ImportTrustBundleRequest;
import io.agentpassport.proto.v1.ImportTrustBundleResponse;
import io.agentpassport.proto.v1.KnownAnchor;
import io.agentpassport.proto.v1.ListAnchorsRequest;
import io.agentpassport.proto.v1.ListAnchorsResponse;
import io.agentpassport.proto.v1.ListPublishersRequest;
import io.agentpassport.proto.v1.ListPublishersResponse;
import io.agentpassport.proto.v1.Publisher;
import io.agentpassport.proto.v1.RemovePublisherRequest;
import io.agentpassport.proto.v1.RevokeAnchorRequest;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import java.util.List;

/** Trust bundles at one service. */
public final class TrustBundles {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final PassportClient client;

    TrustBundles(PassportClient client) {
        this.client = client;
    }

    /** The service's own bundle in force, as it came and unverified, and how the service is called. */
    public GetTrustBundleResponse get() {
        return client.calls()
                .call(TrustServiceGrpc.getGetTrustBundleMethod(), GetTrustBundleRequest.getDefaultInstance(),
                        Calls.Repeat.SAFE);
    }

    /**
     * The service's own bundle in force, verified by the publisher key that its client knows from elsewhere.
     *
     * @throws PassportException when it is not signed by that key, or not in force
     */
    public VerifiedTrustBundle verified(PublicKey publisher) {
        return verify(get().getBundle().getBundleJson().toByteArray(), publisher, client.nowMillis());
    }

    /** Follows the service's own bundle, verified by that publisher key; what it revokes is refused within a second. */
    public TrustFollower follow(PublicKey publisher) {
        return TrustFollower.start(client, publisher);
    }

    /** As an admin (mTLS): takes in a newer bundle of a publisher that was added before. */
    public ImportTrustBundleResponse importBundle(byte[] bundleJson) {
        return client.calls()
                .call(TrustServiceGrpc.getImportTrustBundleMethod(),
                        ImportTrustBundleRequest.newBuilder().setBundleJson(ByteString.copyFrom(bundleJson)).build(),
                        Calls.Repeat.SAFE);
    }

    /** As an admin (mTLS): begins to believe a publisher. */
    public Publisher addPublisher(AddPublisherRequest request) {
        return client.calls()
                .call(TrustServiceGrpc.getAddPublisherMethod(), request, Calls.Repeat.SAFE)
                .getPublisher();
    }

    /** As an admin (mTLS): stops believing a publisher. */
    public Publisher removePublisher(RemovePublisherRequest request) {
        return client.calls()
                .call(TrustServiceGrpc.getRemovePublisherMethod(), request, Calls.Repeat.SAFE)
                .getPublisher();
    }

    /** As an admin (mTLS): a page of publishers. */
    public ListPublishersResponse listPublishers(ListPublishersRequest request) {
        return client.calls().call(TrustServiceGrpc.getListPublishersMethod(), request, Calls.Repeat.SAFE);
    }

    /** As an admin (mTLS): a page of anchors. */
    public ListAnchorsResponse listAnchors(ListAnchorsRequest request) {
        return client.calls().call(TrustServiceGrpc.getListAnchorsMethod(), request, Calls.Repeat.SAFE);
    }

    /** As an admin (mTLS): revokes one of the service's own anchors; in force when this returns. */
    public KnownAnchor revokeAnchor(RevokeAnchorRequest request) {
        return client.calls()
                .call(TrustServiceGrpc.getRevokeAnchorMethod(), request, Calls.Repeat.SAFE)
                .getAnchor();
    }

    static VerifiedTrustBundle verify(byte[] bundleJson, PublicKey publisher, double nowMillis) {
        if (!(PARSER.parse(bundleJson) instanceof JsonParser.Parsed parsed)) {
            throw PassportException.protocolViolation("the service's trust bundle is not strict JSON");
        }
        TrustBundle.Verdict verdict = new TrustBundle(parsed.object()).verify(List.of(publisher.hex()), nowMillis);
        if (verdict instanceof TrustBundle.Valid valid) {
            return valid.bundle();
        }
        throw PassportException.protocolViolation("the service's trust bundle is not to be believed ("
                + ((TrustBundle.Invalid) verdict).text() + "); expected the publisher key " + publisher.hex());
    }
}
