package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.proto.v1.AddPublisherRequest;
import io.agentpassport.proto.v1.GetTrustBundleRequest;
import io.agentpassport.proto.v1.ImportTrustBundleRequest;
import io.agentpassport.proto.v1.ListAnchorsRequest;
import io.agentpassport.proto.v1.ListPublishersRequest;
import io.agentpassport.proto.v1.PublisherKeys;
import io.agentpassport.proto.v1.RemovePublisherRequest;
import io.agentpassport.proto.v1.RevokeAnchorRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class TrustRequestsTest {

    private static final String KEY = "0f".repeat(32);

    @Test
    void takesNoPublisherForTheServiceItself() {
        assertThat(Expect.valid(TrustRequests.decode(GetTrustBundleRequest.getDefaultInstance()))).isEmpty();
        assertThat(Expect.valid(TrustRequests.decode(WatchTrustBundleRequest.getDefaultInstance())))
                .isEqualTo(new TrustRequests.BundleWatch(null, null));
    }

    @Test
    void decodesWhoseBundleAndFromWhere() {
        var get = GetTrustBundleRequest.newBuilder().setPublisherPubkeyHex(KEY);
        assertThat(Expect.valid(TrustRequests.decode(get.build()))).map(key -> key.hex()).contains(KEY);
        Expect.invalidField(TrustRequests.decode(get.setPublisherPubkeyHex(KEY.toUpperCase(java.util.Locale.ROOT))
                .build()), "publisher_pubkey_hex");

        var watch = WatchTrustBundleRequest.newBuilder().setCursor("c".repeat(1024));
        assertThat(Expect.valid(TrustRequests.decode(watch.build())).cursor()).hasSize(1024);
        Expect.invalidField(TrustRequests.decode(watch.setCursor("c".repeat(1025)).build()), "cursor");
    }

    @Test
    void takesABundleOfUpTo768KiB() {
        var request = ImportTrustBundleRequest.newBuilder().setBundleJson(ofSize(768 * 1024));
        Expect.valid(TrustRequests.decode(request.build()));
        Expect.rejected(TrustRequests.decode(request.setBundleJson(ofSize(768 * 1024 + 1)).build()), "bundle_json",
                "too_large", "bytes");
        Expect.invalidField(TrustRequests.decode(request.clearBundleJson().build()), "bundle_json");
    }

    @Test
    void keepsNoPublishersApartFromTheServicesOwn() {
        var request = VerifyTrustBundleRequest.newBuilder().setBundleJson(ofSize(20));
        assertThat(Expect.valid(TrustRequests.decode(request.build())).trustedPublishersHex()).isNull();
        assertThat(Expect.valid(TrustRequests.decode(request.build())).now()).isNull();

        request.setTrustedPublishers(PublisherKeys.getDefaultInstance())
                .setNow(Timestamp.newBuilder().setSeconds(7));
        assertThat(Expect.valid(TrustRequests.decode(request.build())).trustedPublishersHex()).isEmpty();
        assertThat(Expect.valid(TrustRequests.decode(request.build())).now()).isEqualTo(Instant.ofEpochSecond(7));
    }

    @Test
    void takesPublisherKeysInAnyForm() {
        var request = VerifyTrustBundleRequest.newBuilder()
                .setBundleJson(ofSize(20))
                .setTrustedPublishers(PublisherKeys.newBuilder().addAllPubkeysHex(Collections.nCopies(64, "AB")));
        assertThat(Expect.valid(TrustRequests.decode(request.build())).trustedPublishersHex()).hasSize(64);
        request.getTrustedPublishersBuilder().addPubkeysHex("");
        Expect.invalidField(TrustRequests.decode(request.build()), "trusted_publishers.pubkeys_hex");
    }

    @Test
    void decodesAPublisher() {
        var request = AddPublisherRequest.newBuilder()
                .setRequestId("r")
                .setPublisherPubkeyHex(KEY)
                .setIssuerDomain("d".repeat(256))
                .addAllAllowedBindingConstraints(Collections.nCopies(64, "mcp://*"));
        assertThat(Expect.valid(TrustRequests.decode(request.build())).allowedBindingConstraints()).hasSize(64);
        Expect.invalidField(TrustRequests.decode(request.setIssuerDomain("d".repeat(257)).build()), "issuer_domain");
        request.setIssuerDomain("d").addAllowedBindingConstraints("x");
        Expect.invalidField(TrustRequests.decode(request.build()), "allowed_binding_constraints");
        request.clearAllowedBindingConstraints().addAllowedBindingConstraints("");
        Expect.invalidField(TrustRequests.decode(request.build()), "allowed_binding_constraints[0]");
        request.clearAllowedBindingConstraints();
        Expect.invalidField(TrustRequests.decode(request.clearPublisherPubkeyHex().build()), "publisher_pubkey_hex");
    }

    @Test
    void decodesTheRest() {
        var removal = RemovePublisherRequest.newBuilder().setRequestId("r").setPublisherPubkeyHex(KEY);
        assertThat(Expect.valid(TrustRequests.decode(removal.build())).publisher().hex()).isEqualTo(KEY);
        Expect.invalidField(TrustRequests.decode(removal.clearRequestId().build()), "request_id");

        assertThat(Expect.valid(TrustRequests.decode(ListPublishersRequest.newBuilder().setPageSize(7).build())))
                .isEqualTo(new PageRequest(7, ""));

        var query = ListAnchorsRequest.newBuilder()
                .setState(io.agentpassport.proto.v1.TrustAnchorState.TRUST_ANCHOR_STATE_STALE);
        assertThat(Expect.valid(TrustRequests.decode(query.build())))
                .isEqualTo(new TrustRequests.AnchorQuery(null, TrustAnchorState.STALE, new PageRequest(50, "")));
        Expect.invalidField(TrustRequests.decode(query.setStateValue(4).build()), "state");

        var revocation = RevokeAnchorRequest.newBuilder().setRequestId("r").setAnchorId("a").setReason("lost");
        assertThat(Expect.valid(TrustRequests.decode(revocation.build())).anchorId()).isEqualTo("a");
        Expect.invalidField(TrustRequests.decode(revocation.setAnchorId("a".repeat(257)).build()), "anchor_id");
        Expect.invalidField(TrustRequests.decode(revocation.clearReason().setAnchorId("a").build()), "reason");
    }

    private static ByteString ofSize(int bytes) {
        return ByteString.copyFromUtf8("{\"bundle_id\":\"" + "x".repeat(bytes - 16) + "\"}");
    }
}
