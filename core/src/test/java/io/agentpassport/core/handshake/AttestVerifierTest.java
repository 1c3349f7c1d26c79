package io.agentpassport.core.handshake;

import static io.agentpassport.core.Parties.AGENT_NONCE;
import static io.agentpassport.core.Parties.DAY;
import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.SYSTEM_NONCE;
import static io.agentpassport.core.Parties.VERSIONS;
import static io.agentpassport.core.Parties.agentAttest;
import static io.agentpassport.core.Parties.anchor;
import static io.agentpassport.core.Parties.anchors;
import static io.agentpassport.core.Parties.expectedOfAgent;
import static io.agentpassport.core.Parties.nonce;
import static io.agentpassport.core.Parties.policy;
import static io.agentpassport.core.Parties.resigned;
import static io.agentpassport.core.Parties.systemAttest;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.CertificateMemo;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.AttestVerifier.Accepted;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.AttestVerifier.Refused;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttestVerifierTest {

    /** Everything that decides, open to faults. */
    private static final class Scenario {
        private JsonObject certificate = Parts.CERTIFICATE;
        private String issuer = "issuer";
        private JsonObject attest = Parts.ATTEST;
        private String subject = "agent";
        private MutualAuthPolicy policy = policy();
        private @Nullable TrustAnchor anchor = anchor();
        private boolean anchorRevoked;
        private boolean certificateRevoked;
        private ExpectedNonces expected = expectedOfAgent();

        void certificate(String member, JsonValue value) {
            certificate = certificate.with(member, value);
        }

        void attest(String member, JsonValue value) {
            attest = attest.with(member, value);
        }

        AttestVerifier.Verdict verdict(CertificateVerifier certificates) {
            JsonObject signed = resigned(certificate, issuer);
            JsonObject sent = resigned(attest.with("certificate", signed), subject);
            TrustAnchors.Builder anchors = TrustAnchors.builder();
            if (anchor != null) {
                Set<CertificateId> revoked = certificateRevoked ? Set.of(Certificate.received(signed).id()) : Set.of();
                anchors.add(anchor, anchorRevoked, revoked);
            }
            return new AttestVerifier(policy, anchors.build(), certificates).verify(new Attest(sent), expected, NOW);
        }
    }

    private static final class Parts {
        private static final JsonObject ATTEST = agentAttest().json().without("signature_b64");
        private static final JsonObject CERTIFICATE = agentAttest().certificate().json().without("signature_b64");
    }

    /** One thing wrong, and the answer to it. */
    private record Fault(String name, MutualAuthFailure reason, @Nullable String detail, Consumer<Scenario> inflict) {
        Failure failure() {
            return new Failure(reason, detail);
        }
    }

    /** In the order of the checks. */
    private static final List<Fault> FAULTS = List.of(
            new Fault("version", MutualAuthFailure.VERSION_UNSUPPORTED, null,
                    s -> s.attest("chosen_version", new JsonString("0.9"))),
            new Fault("peer nonce", MutualAuthFailure.NONCE_MISMATCH, "peer_nonce",
                    s -> s.expected = new ExpectedNonces(nonce("else").text(), s.expected.ownNonceText())),
            new Fault("own nonce", MutualAuthFailure.NONCE_MISMATCH, "own_nonce",
                    s -> s.expected = new ExpectedNonces(s.expected.peerNonceText(), nonce("else").text())),
            new Fault("timestamp", MutualAuthFailure.REPLAY_DETECTED, "timestamp_skew",
                    s -> s.attest("timestamp", new JsonNumber(NOW - 60_001))),
            new Fault("not_before", MutualAuthFailure.NOT_YET_VALID_CERTIFICATE, null,
                    s -> s.certificate("not_before", new JsonNumber(NOW + 1))),
            new Fault("not_after", MutualAuthFailure.EXPIRED_CERTIFICATE, null,
                    s -> s.certificate("not_after", new JsonNumber(NOW - 1))),
            new Fault("certificate's signature", MutualAuthFailure.SIGNATURE_INVALID, "certificate",
                    s -> s.issuer = "other"),
            new Fault("no anchor", MutualAuthFailure.UNKNOWN_ISSUER, null, s -> s.anchor = null),
            new Fault("anchor revoked", MutualAuthFailure.REVOKED_ANCHOR, null, s -> s.anchorRevoked = true),
            new Fault("constraint", MutualAuthFailure.BINDING_MISMATCH, null,
                    s -> change(s, a -> new TrustAnchor(a.anchorId(), a.displayName(), a.role(), a.key(),
                            a.notBeforeMillis(), a.notAfterMillis(), List.of("none:*")))),
            new Fault("anchor's role", MutualAuthFailure.UNKNOWN_ISSUER, null,
                    s -> change(s, a -> new TrustAnchor(a.anchorId(), a.displayName(), Role.AGENT, a.key(),
                            a.notBeforeMillis(), a.notAfterMillis(), a.bindingConstraints()))),
            new Fault("anchor's life", MutualAuthFailure.UNKNOWN_ISSUER, null,
                    s -> change(s, a -> new TrustAnchor(a.anchorId(), a.displayName(), a.role(), a.key(), 0.0,
                            NOW - 1.0, a.bindingConstraints()))),
            new Fault("certificate revoked", MutualAuthFailure.REVOKED_ANCHOR, "certificate",
                    s -> s.certificateRevoked = true),
            new Fault("downgrade", MutualAuthFailure.DOWNGRADE_DETECTED, null,
                    s -> {
                        s.certificate("supported_versions", JsonArray.ofStrings(List.of("1.2", "1.1")));
                        s.policy = new MutualAuthPolicy(List.of("1.2", "1.1"), s.policy.minAgentGrade(),
                                s.policy.requiredCapabilities(), 0, null);
                    }),
            new Fault("grade", MutualAuthFailure.GRADE_INSUFFICIENT, null,
                    s -> s.policy = new MutualAuthPolicy(s.policy.acceptedVersions(), 3L,
                            s.policy.requiredCapabilities(), 0, null)),
            new Fault("capability", MutualAuthFailure.BINDING_MISMATCH, "missing_capability:x",
                    s -> s.policy = new MutualAuthPolicy(s.policy.acceptedVersions(), s.policy.minAgentGrade(),
                            List.of("mcp:read", "x", "y"), 0, null)),
            new Fault("attest's signature", MutualAuthFailure.SIGNATURE_INVALID, "attest",
                    s -> s.subject = "other"),
            new Fault("spec_version", MutualAuthFailure.VERSION_UNSUPPORTED, "spec_version",
                    s -> s.attest("spec_version", new JsonString("2.0"))),
            new Fault("role", MutualAuthFailure.BINDING_MISMATCH, "attest_role",
                    s -> s.attest("role", new JsonString("information_system"))));

    private static void change(Scenario scenario, UnaryOperator<TrustAnchor> change) {
        if (scenario.anchor != null) {
            scenario.anchor = change.apply(scenario.anchor);
        }
    }

    @Test
    void anAttestWithoutFaultIsAccepted() {
        assertThat(new Scenario().verdict(CertificateVerifier.DIRECT)).isInstanceOfSatisfying(Accepted.class,
                accepted -> {
                    assertThat(accepted.attest().certificate().binding()).isEqualTo("agent:agent");
                    assertThat(accepted.attest().anchor()).isEqualTo(anchor());
                });
    }

    @Test
    void everyFaultAloneIsAnswered() {
        for (Fault fault : FAULTS) {
            var scenario = new Scenario();
            fault.inflict.accept(scenario);

            assertThat(scenario.verdict(CertificateVerifier.DIRECT)).as(fault.name)
                    .isEqualTo(new Refused(fault.failure()));
        }
    }

    @Test
    void ofAnyTwoFaultsTheEarlierCheckAnswers() {
        var memo = new CertificateMemo(10);
        for (int earlier = 0; earlier < FAULTS.size(); earlier++) {
            for (int later = earlier + 1; later < FAULTS.size(); later++) {
                var scenario = new Scenario();
                FAULTS.get(later).inflict.accept(scenario);
                FAULTS.get(earlier).inflict.accept(scenario);
                String pair = FAULTS.get(earlier).name + " before " + FAULTS.get(later).name;

                var answer = new Refused(FAULTS.get(earlier).failure());
                assertThat(scenario.verdict(CertificateVerifier.DIRECT)).as(pair).isEqualTo(answer);
                assertThat(scenario.verdict(memo)).as(pair + ", with a memo").isEqualTo(answer);
            }
        }
    }

    @Test
    void whoeverMakesUpAnIssuerIsNotRemembered() {
        var memo = new CertificateMemo(10);
        var stranger = new Scenario();
        stranger.anchor = null;

        assertThat(stranger.verdict(memo)).isEqualTo(new Refused(Failure.of(MutualAuthFailure.UNKNOWN_ISSUER)));
        assertThat(memo.size()).isZero();
        assertThat(new Scenario().verdict(memo)).isInstanceOf(Accepted.class);
        assertThat(memo.size()).isEqualTo(1);
    }

    @Test
    void allFaultsTogetherAreAnsweredInOrder() {
        for (int first = 0; first < FAULTS.size(); first++) {
            var scenario = new Scenario();
            for (int i = FAULTS.size() - 1; i >= first; i--) {
                FAULTS.get(i).inflict.accept(scenario);
            }

            assertThat(scenario.verdict(CertificateVerifier.DIRECT)).isEqualTo(
                    new Refused(FAULTS.get(first).failure()));
        }
    }

    @Test
    void everyReasonButThatOfSessionsIsAmongThem() {
        var reasons = new ArrayList<>(List.of(MutualAuthFailure.values()));
        FAULTS.forEach(fault -> reasons.remove(fault.reason));

        assertThat(reasons).containsExactly(MutualAuthFailure.EXPIRED_SESSION);
    }

    @Test
    void noncesOfAnotherFormAreRefusedEvenWhenExpected() {
        for (String bad : List.of("", "AAAA", nonce("x").text() + "\n", nonce("x").text().replace("==", ""))) {
            var peer = new Scenario();
            peer.expected = new ExpectedNonces(bad, peer.expected.ownNonceText());
            peer.attest("peer_nonce_b64", new JsonString(bad));
            var own = new Scenario();
            own.expected = new ExpectedNonces(own.expected.peerNonceText(), bad);
            own.attest("own_nonce_b64", new JsonString(bad));

            assertThat(peer.verdict(CertificateVerifier.DIRECT)).isEqualTo(refused("peer_nonce"));
            assertThat(own.verdict(CertificateVerifier.DIRECT)).isEqualTo(refused("own_nonce"));
        }
    }

    @Test
    void aNonceMayNotAnswerItself() {
        var scenario = new Scenario();
        scenario.expected = new ExpectedNonces(nonce("one").text(), nonce("one").text());
        scenario.attest("peer_nonce_b64", new JsonString(nonce("one").text()));
        scenario.attest("own_nonce_b64", new JsonString(nonce("one").text()));

        assertThat(scenario.verdict(CertificateVerifier.DIRECT)).isEqualTo(refused("own_nonce"));
    }

    @Test
    void anAttestIsFreshForAMinuteOrForTheSkewIfThatIsMore() {
        for (long sign : new long[]{-1, 1}) {
            var fresh = new Scenario();
            fresh.attest("timestamp", new JsonNumber(NOW + sign * 60_000));
            assertThat(fresh.verdict(CertificateVerifier.DIRECT)).isInstanceOf(Accepted.class);

            var skewed = new Scenario();
            skewed.policy = new MutualAuthPolicy(skewed.policy.acceptedVersions(), null, List.of(), 60_001, null);
            skewed.attest("timestamp", new JsonNumber(NOW + sign * 60_001));
            assertThat(skewed.verdict(CertificateVerifier.DIRECT)).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void theSkewWidensTheCertificatesWindow() {
        var scenario = new Scenario();
        scenario.policy = new MutualAuthPolicy(scenario.policy.acceptedVersions(), null, List.of(), 5, null);
        scenario.certificate("not_before", new JsonNumber(NOW + 5));
        scenario.certificate("not_after", new JsonNumber(NOW + DAY));
        assertThat(scenario.verdict(CertificateVerifier.DIRECT)).isInstanceOf(Accepted.class);

        scenario.certificate("not_before", new JsonNumber(NOW + 6));
        assertThat(scenario.verdict(CertificateVerifier.DIRECT)).isInstanceOf(Refused.class);
    }

    @Test
    void aSystemNeedsNoGrade() {
        Attest attest = systemAttest();
        var asking = new MutualAuthPolicy(VERSIONS, 3L, List.of(), 0, null);
        var expected = new ExpectedNonces(AGENT_NONCE.text(),
                SYSTEM_NONCE.text());

        assertThat(new AttestVerifier(asking, anchors(), CertificateVerifier.DIRECT).verify(attest, expected, NOW))
                .isInstanceOf(Accepted.class);
    }

    @Test
    void anyMemberMissingOrReplacedIsARefusalAndNeverAnException() {
        var verifier = new AttestVerifier(policy(), anchors(), CertificateVerifier.DIRECT);
        JsonObject attest = agentAttest().json();
        for (int i = 0; i < attest.size(); i++) {
            for (JsonObject changed : changes(attest, attest.name(i))) {
                assertThat(verifier.verify(new Attest(changed), expectedOfAgent(), NOW)).as(attest.name(i))
                        .isInstanceOf(Refused.class);
            }
        }
        JsonObject certificate = agentAttest().certificate().json();
        for (int i = 0; i < certificate.size(); i++) {
            for (JsonObject changed : changes(certificate, certificate.name(i))) {
                assertThat(verifier.verify(new Attest(attest.with("certificate", changed)), expectedOfAgent(), NOW))
                        .as(certificate.name(i))
                        .isInstanceOf(Refused.class);
            }
        }
    }

    @Test
    void withoutAChallengeTheVersionIsStillAskedFirst() {
        var verifier = new AttestVerifier(policy(), anchors(), CertificateVerifier.DIRECT);
        Failure consumed = Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed");
        Attest other = new Attest(agentAttest().json().with("chosen_version", new JsonString("0.9")));

        assertThat(verifier.refuseAtNonces(agentAttest(), consumed)).isEqualTo(new Refused(consumed));
        assertThat(verifier.refuseAtNonces(other, consumed))
                .isEqualTo(new Refused(Failure.of(MutualAuthFailure.VERSION_UNSUPPORTED)));
    }

    private static List<JsonObject> changes(JsonObject json, String member) {
        return List.of(json.without(member), json.with(member, JsonObject.EMPTY),
                json.with(member, JsonNull.NULL), json.with(member, JsonArray.EMPTY),
                json.with(member, new JsonString("x")), json.with(member, new JsonNumber(-1)));
    }

    private static Refused refused(String nonceDetail) {
        return new Refused(Failure.of(MutualAuthFailure.NONCE_MISMATCH, nonceDetail));
    }
}
