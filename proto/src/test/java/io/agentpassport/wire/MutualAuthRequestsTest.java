package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.AttestRequest;
import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.TrustAnchors;
import io.agentpassport.proto.v1.VerificationTerms;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MutualAuthRequestsTest {

    private static final Signer KEY = Signer.fromSeed(new byte[Signer.SEED_BYTES]);
    private static final String ID = "sha256:" + "ab".repeat(32);
    private static final ByteString EMPTY = ByteString.copyFromUtf8("{}");
    private static final ByteString POLICY = ByteString.copyFromUtf8("{\"accepted_versions\":[\"1.0\"]}");
    private static final String ANCHOR_KEY = "0f".repeat(32);

    @Test
    void decodesAHello() {
        var request = HelloRequest.newBuilder()
                .setHelloJson(ByteString.copyFromUtf8("{\"spec_version\":\"1.0\","
                        + "\"role\":\"agent\",\"supported_versions\":[\"1.0\"],\"nonce_b64\":\"AAAAAAAAAAAAAAAAAAAAAA==\","
                        + "\"timestamp\":1,\"more\":[]}"));
        assertThat(Expect.valid(MutualAuthRequests.decode(request.build())).role()).isEqualTo(Role.AGENT);

        Expect.invalidField(MutualAuthRequests.decode(request.setHelloJson(EMPTY).build()), "hello_json");
        Expect.invalidField(MutualAuthRequests.decode(request.clearHelloJson().build()), "hello_json");
        Expect.rejected(MutualAuthRequests.decode(request.setHelloJson(ByteString.copyFromUtf8("[]")).build()),
                "hello_json", "invalid_json", "not_an_object");
    }

    @Test
    void decodesAnAttestWithItsSessionProof() {
        var request = AttestRequest.newBuilder()
                .setAttestJson(EMPTY)
                .setSessionProof(SignedStatements.encode(SignedStatement.sign(JsonObject.EMPTY, KEY)));
        var submission = Expect.valid(MutualAuthRequests.decode(request.build()));
        assertThat(submission.attest().json()).isEqualTo(JsonObject.EMPTY);
        assertThat(submission.sessionProof().verifies(KEY.publicKey())).isTrue();

        Expect.invalidField(MutualAuthRequests.decode(request.clone().clearSessionProof().build()), "session_proof");
        Expect.invalidField(MutualAuthRequests.decode(request.clearAttestJson().build()), "attest_json");
    }

    @Test
    void refusesALoneSurrogateAsTheProtocolNamesIt() {
        var request = VerifyAttestRequest.newBuilder()
                .setAttestJson(ByteString.copyFromUtf8("{\"own_nonce_b64\":\"x\\ud800\"}"));
        Expect.rejected(MutualAuthRequests.decode(request.build()), "attest_json", "invalid_unicode",
                "lone_surrogate");
        assertThat(Expect.error(MutualAuthRequests.decode(request.build())).metadata())
                .containsEntry("path", "$.own_nonce_b64");
    }

    @Test
    void leavesToTheServiceWhatACallerDoesNotBring() {
        var question = Expect.valid(
                MutualAuthRequests.decode(VerifyAttestRequest.newBuilder().setAttestJson(EMPTY).build()));
        assertThat(question.terms()).isEqualTo(MutualAuthRequests.Terms.OF_SERVICE);
        assertThat(question.now()).isNull();

        var derivation = Expect.valid(MutualAuthRequests.decode(
                DeriveSessionRequest.newBuilder().setAgentAttestJson(EMPTY).setIsAttestJson(EMPTY).build()));
        assertThat(derivation.policy()).isNull();
        assertThat(derivation.agentTerms()).isEqualTo(MutualAuthRequests.Terms.OF_SERVICE);
        assertThat(derivation.systemTerms()).isEqualTo(MutualAuthRequests.Terms.OF_SERVICE);
        assertThat(derivation.derivationOnly()).isFalse();
    }

    @Test
    void keepsNoAnchorsApartFromTheServicesOwn() {
        var request = VerifyAttestRequest.newBuilder()
                .setAttestJson(EMPTY)
                .setTrustAnchors(TrustAnchors.getDefaultInstance());
        var anchors = Objects.requireNonNull(
                Expect.valid(MutualAuthRequests.decode(request.build())).terms().anchors());
        assertThat(anchors.anchorOf(KEY.publicKey())).isNull();
    }

    @Test
    void leavesOutAnAnchorThatVouchesForNobody() {
        var request = VerifyAttestRequest.newBuilder()
                .setAttestJson(EMPTY)
                .setTrustAnchors(TrustAnchors.newBuilder()
                        .addAnchorsJson(ByteString.copyFromUtf8("{\"anchor_id\":\"upper\",\"pubkey_hex\":\""
                                + ANCHOR_KEY.toUpperCase(java.util.Locale.ROOT) + "\"}"))
                        .addAnchorsJson(ByteString.copyFromUtf8("{\"anchor_id\":\"lower\",\"pubkey_hex\":\""
                                + ANCHOR_KEY + "\",\"binding_constraints\":null}")));
        var anchors = Objects.requireNonNull(
                Expect.valid(MutualAuthRequests.decode(request.build())).terms().anchors());
        assertThat(anchors.anchorOf(Objects.requireNonNull(PublicKey.fromHex(ANCHOR_KEY))))
                .satisfies(anchor -> assertThat(Objects.requireNonNull(anchor).anchorId()).isEqualTo("lower"));

        request.getTrustAnchorsBuilder().addAnchorsJson(ByteString.copyFromUtf8("{"));
        Expect.rejected(MutualAuthRequests.decode(request.build()), "trust_anchors.anchors_json[2]", "invalid_json",
                "syntax");
    }

    @Test
    void boundsWhatACallerBrings() {
        var request = VerifyAttestRequest.newBuilder()
                .setAttestJson(EMPTY)
                .setExpectedOwnNonceB64("n".repeat(256))
                .setTrustAnchors(TrustAnchors.newBuilder()
                        .addAllAnchorsJson(Collections.nCopies(256, EMPTY))
                        .addAllRevokedAnchorIds(Collections.nCopies(1_000, "a")));
        Expect.valid(MutualAuthRequests.decode(request.build()));
        Expect.invalidField(
                MutualAuthRequests.decode(request.clone().setExpectedOwnNonceB64("n".repeat(257)).build()),
                "expected_own_nonce_b64");
        Expect.invalidField(
                MutualAuthRequests.decode(request.clone().setExpectedPeerNonceB64("n".repeat(257)).build()),
                "expected_peer_nonce_b64");
        var anchors = request.getTrustAnchorsBuilder();
        anchors.addRevokedAnchorIds("b");
        Expect.invalidField(MutualAuthRequests.decode(request.build()), "trust_anchors.revoked_anchor_ids");
        anchors.addAnchorsJson(EMPTY);
        Expect.invalidField(MutualAuthRequests.decode(request.build()), "trust_anchors.anchors_json");
    }

    @Test
    void namesThePolicyThatIsWrong() {
        var wrong = ByteString.copyFromUtf8("{\"accepted_versions\":[],\"max_session_ms\":\"1\"}");
        Expect.rejected(MutualAuthRequests.decode(
                VerifyAttestRequest.newBuilder().setAttestJson(EMPTY).setPolicyJson(wrong).build()), "policy_json",
                "invalid_policy", "max_session_ms");
        var derivation = DeriveSessionRequest.newBuilder()
                .setAgentAttestJson(EMPTY)
                .setIsAttestJson(EMPTY)
                .setPolicyJson(POLICY)
                .setAgentTerms(VerificationTerms.newBuilder().setPolicyJson(POLICY))
                .setIsTerms(VerificationTerms.newBuilder().setPolicyJson(wrong));
        Expect.rejected(MutualAuthRequests.decode(derivation.build()), "is_terms.policy_json", "invalid_policy",
                "max_session_ms");
        derivation.clearIsTerms();
        var decoded = Expect.valid(MutualAuthRequests.decode(derivation.build()));
        assertThat(Objects.requireNonNull(decoded.policy()).acceptedVersions()).containsExactly("1.0");
        assertThat(decoded.agentTerms().policy()).isEqualTo(decoded.policy());
        Expect.rejected(MutualAuthRequests.decode(VerifyAttestRequest.newBuilder()
                .setAttestJson(EMPTY)
                .setPolicyJson(ByteString.copyFromUtf8("[]"))
                .build()), "policy_json", "invalid_json",
                "not_an_object");
    }

    @Test
    void takesInstantsInWholeMillisecondsOnly() {
        var request = VerifyAttestRequest.newBuilder()
                .setAttestJson(EMPTY)
                .setNow(Timestamp.newBuilder().setSeconds(253_402_300_799L).setNanos(999_000_000));
        assertThat(Objects.requireNonNull(Expect.valid(MutualAuthRequests.decode(request.build())).now())
                .toEpochMilli()).isEqualTo(253_402_300_799_999L);
        for (Timestamp wrong : new Timestamp[]{
            Timestamp.newBuilder().setNanos(1).build(),
            Timestamp.newBuilder().setNanos(-1_000_000).build(),
            Timestamp.newBuilder().setNanos(1_000_000_000).build(),
            Timestamp.newBuilder().setSeconds(253_402_300_800L).build(),
            Timestamp.newBuilder().setSeconds(Long.MIN_VALUE).build()}) {
            Expect.invalidField(MutualAuthRequests.decode(request.setNow(wrong).build()), "now");
        }
    }

    @Test
    void decodesNamesQueriesAndEndings() {
        var get = GetSessionRequest.newBuilder().setSessionId(ID).setPartition("0001");
        assertThat(Expect.valid(MutualAuthRequests.decode(get.build())).partition().text()).isEqualTo("0001");
        Expect.invalidField(MutualAuthRequests.decode(get.setSessionId("x").build()), "session_id");

        var query = ListSessionsRequest.newBuilder()
                .setIssuerDomain("d")
                .setState(io.agentpassport.proto.v1.SessionState.SESSION_STATE_DISPLACED);
        assertThat(Expect.valid(MutualAuthRequests.decode(query.build()))).isEqualTo(
                new MutualAuthRequests.SessionQuery("d", null, SessionState.DISPLACED, new PageRequest(50, "")));
        Expect.invalidField(MutualAuthRequests.decode(query.setStateValue(7).build()), "state");

        var end = EndSessionRequest.newBuilder().setRequestId("r").setSessionId(ID).setPartition("0001");
        assertThat(Expect.valid(MutualAuthRequests.decode(end.build())).reason()).isEmpty();
        Expect.invalidField(MutualAuthRequests.decode(end.setReason("x".repeat(257)).build()), "reason");
        Expect.invalidField(MutualAuthRequests.decode(end.clearReason().setPartition("000g").build()), "partition");
    }
}
