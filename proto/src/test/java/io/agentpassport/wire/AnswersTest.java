package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.BundleImportOutcome;
import io.agentpassport.proto.v1.CertificateView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final Signer KEY = Signer.fromSeed(new byte[Signer.SEED_BYTES]);
    private static final String HEX = KEY.publicKey().hex();
    private static final PartitionName PARTITION = new PartitionName("00a1");
    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Timestamp AT_ON_WIRE = Timestamp.newBuilder()
            .setSeconds(1_700_000_000L)
            .setNanos(123_000_000)
            .build();
    private static final Identity IDENTITY = new Identity("issuer.example", "agent:a");

    @Test
    void showsACertificateAsItsBytesAndTyped() {
        Certificate certificate = certificate(Role.AGENT, new AttestationGrade(2), List.of());
        var answer = CertificateAnswers.found(new CertificateAnswers.IssuedCertificate(certificate, PARTITION,
                CertificateState.ACTIVE, IDENTITY, "Ada", AT, null)).getCertificate();

        assertThat(answer.getCertificateId()).isEqualTo(certificate.id().text());
        assertThat(answer.getCertificateJson().toByteArray()).isEqualTo(Jcs.bytes(certificate.json()));
        assertThat(answer.getPartition()).isEqualTo("00a1");
        assertThat(answer.getPrincipal()).isEqualTo("Ada");
        assertThat(answer.getIdentity().getIssuerDomain()).isEqualTo("issuer.example");
        assertThat(answer.getIdentity().getBinding()).isEqualTo("agent:a");
        assertThat(answer.getRenewUntil()).isEqualTo(AT_ON_WIRE);
        assertThat(answer.hasRevokedAt()).isFalse();

        CertificateView view = answer.getView();
        assertThat(view.getSpecVersion()).isEqualTo("1.0");
        assertThat(view.getRole()).isEqualTo(io.agentpassport.proto.v1.Role.ROLE_AGENT);
        assertThat(view.getSubjectId()).isEqualTo("subject");
        assertThat(view.getIssuerId()).isEqualTo("issuer");
        assertThat(view.getIssuerRole()).isEqualTo(io.agentpassport.proto.v1.Role.ROLE_TRUST_ANCHOR);
        assertThat(view.getIssuerPubkeyHex()).isEqualTo(HEX);
        assertThat(view.getSubjectPubkeyHex()).isEqualTo(HEX);
        assertThat(view.getNotBefore()).isEqualTo(AT_ON_WIRE);
        assertThat(view.getNotAfter().getSeconds()).isEqualTo(1_700_003_600L);
        assertThat(view.getBinding()).isEqualTo("agent:a");
        assertThat(view.getAttestationGrade()).isEqualTo(2);
        assertThat(view.getSupportedVersionsList()).containsExactly("1.1", "1.0");
        assertThat(view.hasCapabilities()).isTrue();
        assertThat(view.getCapabilities().getNamesList()).isEmpty();
        assertThat(view.getSignatureB64()).isEqualTo(certificate.json().string("signature_b64"));
    }

    @Test
    void showsNullAsAbsent() {
        CertificateView view = Views.of(certificate(Role.AGENT, null, null));
        assertThat(view.hasAttestationGrade()).isFalse();
        assertThat(view.hasCapabilities()).isFalse();
    }

    @Test
    void showsWhereACertificateStands() {
        var revoked = CertificateAnswers.revoked(new CertificateAnswers.IssuedCertificate(
                certificate(Role.AGENT, null, null), PARTITION, CertificateState.REVOKED, IDENTITY, "Ada", null,
                new CertificateAnswers.Revoked(AT, "lost"))).getCertificate();
        assertThat(revoked.getState())
                .isEqualTo(io.agentpassport.proto.v1.CertificateState.CERTIFICATE_STATE_REVOKED);
        assertThat(revoked.getRevokedAt()).isEqualTo(AT_ON_WIRE);
        assertThat(revoked.getRevocationReason()).isEqualTo("lost");
        assertThat(revoked.hasRenewUntil()).isFalse();
    }

    @Test
    void showsAJoinTokenOnce() {
        var token = new CertificateAnswers.JoinToken("jt_00a1.secret", "jt_00a1", PARTITION,
                new CertificateAnswers.Service("mcp://service", KEY.publicKey()), AT);
        var answer = CertificateAnswers.created(token);
        assertThat(answer.getToken()).isEqualTo("jt_00a1.secret");
        assertThat(answer.getTokenId()).isEqualTo("jt_00a1");
        assertThat(answer.getAudience()).isEqualTo("mcp://service");
        assertThat(answer.getPublisherPubkeyHex()).isEqualTo(HEX);
        assertThat(answer.getExpiresAt()).isEqualTo(AT_ON_WIRE);
        assertThat(token.toString()).doesNotContain("secret");
    }

    @Test
    void pagesGoOn() {
        var item = new CertificateAnswers.IssuedCertificate(certificate(Role.AGENT, null, null), PARTITION,
                CertificateState.EXPIRED, IDENTITY, "Ada", null, null);
        var answer = CertificateAnswers.listed(new Page<>(List.of(item, item), "next"));
        assertThat(answer.getCertificatesCount()).isEqualTo(2);
        assertThat(answer.getNextPageToken()).isEqualTo("next");
    }

    @Test
    void showsABundleAsItsBytesAndInNumbers() {
        TrustBundle bundle = bundle();
        var answer = TrustAnswers.found(bundle, "mcp://service", "issuer.example");
        assertThat(answer.getBundle().getBundleJson().toByteArray()).isEqualTo(Jcs.bytes(bundle.json()));
        assertThat(answer.getAudience()).isEqualTo("mcp://service");
        assertThat(answer.getIssuerDomain()).isEqualTo("issuer.example");
        var view = answer.getBundle().getView();
        assertThat(view.getBundleId()).isEqualTo("b");
        assertThat(view.getAnchorCount()).isEqualTo(1);
        assertThat(view.getRevokedAnchorCount()).isZero();
        assertThat(view.getRevokedCertificateCount()).isEqualTo(2);
        assertThat(TrustAnswers.changed(bundle, "c").getCursor()).isEqualTo("c");
    }

    @Test
    void showsAPublisherAndItsAnchors() {
        var publisher = new TrustAnswers.Publisher(KEY.publicKey(), "issuer.example", List.of("mcp://*"), true, AT,
                null);
        var imported = TrustAnswers.imported(false, publisher);
        assertThat(imported.getOutcome()).isEqualTo(BundleImportOutcome.BUNDLE_IMPORT_OUTCOME_UNCHANGED);
        assertThat(imported.getPublisher().hasBundle()).isFalse();
        assertThat(imported.getPublisher().getOwn()).isTrue();
        assertThat(imported.getPublisher().getAllowedBindingConstraintsList()).containsExactly("mcp://*");
        assertThat(TrustAnswers.imported(true, publisher).getOutcome())
                .isEqualTo(BundleImportOutcome.BUNDLE_IMPORT_OUTCOME_IMPORTED);

        JsonObject json = anchor();
        var known = new TrustAnswers.KnownAnchor(json, Objects.requireNonNull(TrustAnchor.fromJson(json)),
                KEY.publicKey(), "issuer.example", TrustAnchorState.REVOKED);
        var revoked = TrustAnswers.revoked(known, AT, bundle());
        assertThat(revoked.getAnchor().getAnchorJson()).isEqualTo(ByteString.copyFrom(Jcs.bytes(json)));
        assertThat(revoked.getAnchor().getAnchorId()).isEqualTo("anchor-1");
        assertThat(revoked.getAnchor().getNotBefore()).isEqualTo(AT_ON_WIRE);
        assertThat(revoked.getAnchor().hasNotAfter()).isFalse();
        assertThat(revoked.getAnchor().getState())
                .isEqualTo(io.agentpassport.proto.v1.TrustAnchorState.TRUST_ANCHOR_STATE_REVOKED);
        assertThat(revoked.getRevokedAt()).isEqualTo(AT_ON_WIRE);
        assertThat(revoked.getBundle().getBundleId()).isEqualTo("b");
    }

    @Test
    void showsASessionAsItsBytesAndTyped() {
        Session session = new Session(new SessionId("sha256:" + "ab".repeat(32)),
                certificate(Role.AGENT, null, null), certificate(Role.INFORMATION_SYSTEM, null, null), "1.1", "a", "b",
                1_700_000_000_123d, 9_007_199_254_740_991d);
        var answer = MutualAuthAnswers.ended(new MutualAuthAnswers.EstablishedSession(session, PARTITION, IDENTITY,
                SessionState.DISPLACED, Duration.ofMinutes(15), AT, new MutualAuthAnswers.Ended(AT, ""))).getSession();

        assertThat(answer.getSessionJson().toByteArray()).isEqualTo(session.canonicalBytes());
        assertThat(answer.getState()).isEqualTo(io.agentpassport.proto.v1.SessionState.SESSION_STATE_DISPLACED);
        assertThat(answer.getIdleTimeout().getSeconds()).isEqualTo(900);
        assertThat(answer.getLastActiveAt()).isEqualTo(AT_ON_WIRE);
        assertThat(answer.getEndedAt()).isEqualTo(AT_ON_WIRE);
        var view = answer.getView();
        assertThat(view.getAgentCertificateId()).isEqualTo(session.agentCertificate().id().text());
        assertThat(view.getIsCertificateId()).isEqualTo(session.systemCertificate().id().text());
        assertThat(view.getIsCertificate().getRole())
                .isEqualTo(io.agentpassport.proto.v1.Role.ROLE_INFORMATION_SYSTEM);
        assertThat(view.getChosenVersion()).isEqualTo("1.1");
        assertThat(view.getAgentNonceB64()).isEqualTo("a");
        assertThat(view.getIsNonceB64()).isEqualTo("b");
        assertThat(view.getEstablishedAt()).isEqualTo(AT_ON_WIRE);
        assertThat(view.hasExpiresAt()).as("beyond the year 9999").isFalse();
    }

    @Test
    void showsAChallenge() {
        Attest attest = new Attest(JsonObject.builder().put("own_nonce_b64", "n").put("timestamp", 5).build());
        var answer = MutualAuthAnswers.challenged(new MutualAuthAnswers.Challenge(attest, "mcp://service", AT,
                Duration.ofSeconds(60), Duration.ofHours(8), Duration.ofMinutes(15)));
        assertThat(answer.getAttestJson().toStringUtf8()).isEqualTo("{\"own_nonce_b64\":\"n\",\"timestamp\":5}");
        assertThat(answer.getView().getOwnNonceB64()).isEqualTo("n");
        assertThat(answer.getChallengeExpiresAt()).isEqualTo(AT_ON_WIRE);
        assertThat(answer.getMaxClockSkew().getSeconds()).isEqualTo(60);
        assertThat(answer.getMaxSession().getSeconds()).isEqualTo(28_800);
        assertThat(answer.getIdleTimeout().getSeconds()).isEqualTo(900);
    }

    private static Certificate certificate(Role role, @Nullable AttestationGrade grade,
            @Nullable List<String> capabilities) {
        return new UnsignedCertificate(role, "subject", KEY.publicKey(), "issuer", Role.TRUST_ANCHOR,
                KEY.publicKey(), 1_700_000_000_123d, 1_700_003_600_123d, "agent:a", grade, List.of("1.1", "1.0"),
                capabilities).sign(KEY);
    }

    private static JsonObject anchor() {
        return JsonObject.builder()
                .put("anchor_id", "anchor-1")
                .put("display_name", "One")
                .put("role", "trust_anchor")
                .put("pubkey_hex", HEX)
                .put("not_before", 1_700_000_000_123d)
                .put("not_after", 9_007_199_254_740_991d)
                .build();
    }

    private static TrustBundle bundle() {
        return new TrustBundle(JsonObject.builder()
                .put("bundle_id", "b")
                .put("anchors", new JsonArray(List.of(anchor())))
                .put("revoked_anchors", (String) null)
                .put("revoked_certificates", List.of("x", "y"))
                .build());
    }
}
