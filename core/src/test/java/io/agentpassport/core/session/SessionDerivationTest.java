package io.agentpassport.core.session;

import static io.agentpassport.core.Parties.DAY;
import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.agentAttest;
import static io.agentpassport.core.Parties.agentCertificate;
import static io.agentpassport.core.Parties.anchors;
import static io.agentpassport.core.Parties.nonce;
import static io.agentpassport.core.Parties.policy;
import static io.agentpassport.core.Parties.resigned;
import static io.agentpassport.core.Parties.signer;
import static io.agentpassport.core.Parties.systemAttest;
import static io.agentpassport.core.Parties.systemCertificate;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.session.SessionDerivation.Derived;
import io.agentpassport.core.session.SessionDerivation.Outcome;
import io.agentpassport.core.session.SessionDerivation.Refused;
import io.agentpassport.core.signing.SignedStatement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionDerivationTest {

    private static final long HOUR = 3_600_000;

    @Test
    void bothSidesDeriveTheSameBytes() {
        Session session = derived(derive(agentAttest(), systemAttest(), HOUR));

        assertThat(session.canonicalBytes())
                .isEqualTo(derived(verified(agentAttest(), systemAttest(), HOUR)).canonicalBytes());
        assertThat(session.establishedAtMillis()).isEqualTo(NOW);
        assertThat(session.expiresAtMillis()).isEqualTo(NOW + HOUR);
        assertThat(Session.fromJson(session.json())).isEqualTo(session);
    }

    @Test
    void theIdDependsOnBothCertificatesAndNonces() {
        SessionId id = derived(derive(agentAttest(), systemAttest(), HOUR)).id();
        JsonObject other = resigned(systemCertificate().json().with("added", JsonNull.NULL), "issuer");

        assertThat(derived(derive(agentAttest(), systemAttest(Certificate.received(other)), HOUR)).id())
                .isNotEqualTo(id);
        assertThat(
                derived(derive(changed(agentAttest(), "own_nonce_b64", nonce("x").text()), systemAttest(), HOUR)).id())
                .isNotEqualTo(id);
        assertThat(derived(derive(agentAttest(), systemAttest(), 1L)).id()).isEqualTo(id);
    }

    @Test
    void withoutAMaximumItLastsAsLongAsTheEarlierCertificate() {
        assertThat(derived(derive(agentAttest(ending(5)), systemAttest(), null)).expiresAtMillis()).isEqualTo(NOW + 5);
        assertThat(derived(derive(agentAttest(), systemAttest(), null)).expiresAtMillis()).isEqualTo(NOW + DAY);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -HOUR})
    void aMaximumWithoutTimeIsAnExpiredSession(long maximum) {
        assertThat(derive(agentAttest(), systemAttest(), maximum)).isEqualTo(
                refused(MutualAuthFailure.EXPIRED_SESSION, null));
        assertThat(derived(derive(agentAttest(), systemAttest(), 1L)).expiresAtMillis()).isEqualTo(NOW + 1);
    }

    @Test
    void versionsAreAskedBeforeRolesAndRolesBeforeTheEnd() {
        Attest other = changed(systemAttest(), "chosen_version", "1.0");

        assertThat(derive(other, agentAttest(), 0L)).isEqualTo(refused(MutualAuthFailure.DOWNGRADE_DETECTED, null));
        assertThat(derive(systemAttest(), agentAttest(), 0L))
                .isEqualTo(refused(MutualAuthFailure.BINDING_MISMATCH, "agent_attest_role"));
        assertThat(derive(agentAttest(), agentAttest(), 0L))
                .isEqualTo(refused(MutualAuthFailure.BINDING_MISMATCH, "is_attest_role"));
    }

    @Test
    void whatIsMissingIsARefusal() {
        var nothing = new Attest(JsonObject.EMPTY);
        Attest noVersion = new Attest(agentAttest().json().without("chosen_version"));
        Attest noNonce = new Attest(agentAttest().json().without("own_nonce_b64"));
        Attest noEnd = new Attest(agentAttest().json()
                .with("certificate",
                        agentCertificate().json().without("not_after")));

        assertThat(derive(nothing, nothing, HOUR)).isInstanceOf(Refused.class);
        assertThat(derive(noVersion, new Attest(systemAttest().json().without("chosen_version")), HOUR))
                .isEqualTo(refused(MutualAuthFailure.VERSION_UNSUPPORTED, null));
        assertThat(derive(noNonce, systemAttest(), HOUR))
                .isEqualTo(refused(MutualAuthFailure.NONCE_MISMATCH, "own_nonce"));
        assertThat(derive(noEnd, systemAttest(), null)).isEqualTo(refused(MutualAuthFailure.EXPIRED_SESSION, null));
    }

    @Test
    void theVerifiedDerivationEndsWithTheEarlierCertificate() {
        assertThat(derived(verified(agentAttest(ending(HOUR - 1)), systemAttest(), HOUR)).expiresAtMillis())
                .isEqualTo(NOW + HOUR - 1);
        assertThat(derived(verified(agentAttest(ending(HOUR)), systemAttest(), HOUR)).expiresAtMillis())
                .isEqualTo(NOW + HOUR);
        assertThat(verified(agentAttest(ending(0)), systemAttest(), HOUR))
                .isEqualTo(refused(MutualAuthFailure.EXPIRED_SESSION, null));
        assertThat(derived(derive(agentAttest(ending(0)), systemAttest(), HOUR)).expiresAtMillis())
                .isEqualTo(NOW + HOUR);
    }

    @Test
    void theVerifiedDerivationAsksCrossingThenTheAgentThenTheSystem() {
        Attest forgedAgent = new Attest(resigned(agentAttest().json(), "other"));
        Attest forgedSystem = new Attest(resigned(systemAttest().json(), "other"));
        Attest uncrossedAgent = changed(agentAttest(), "peer_nonce_b64", nonce("x").text());
        Attest uncrossedSystem = changed(systemAttest(), "peer_nonce_b64", nonce("x").text());
        Attest staleSystem = changed(systemAttest(), "timestamp", new JsonNumber(0));

        assertThat(verified(uncrossedAgent, uncrossedSystem, HOUR))
                .isEqualTo(refused(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce"));
        assertThat(verified(forgedAgent, uncrossedSystem, HOUR))
                .isEqualTo(refused(MutualAuthFailure.NONCE_MISMATCH, "own_nonce"));
        assertThat(verified(forgedAgent, staleSystem, HOUR))
                .isEqualTo(refused(MutualAuthFailure.SIGNATURE_INVALID, "attest"));
        assertThat(verified(agentAttest(), staleSystem, HOUR))
                .isEqualTo(refused(MutualAuthFailure.REPLAY_DETECTED, "timestamp_skew"));
        assertThat(verified(agentAttest(), forgedSystem, HOUR))
                .isEqualTo(refused(MutualAuthFailure.SIGNATURE_INVALID, "attest"));
        assertThat(derive(forgedAgent, forgedSystem, HOUR)).isInstanceOf(Derived.class);
    }

    @Test
    void aSessionIsActiveBetweenAllItsBoundsInclusive() {
        Session session = derived(derive(agentAttest(), systemAttest(), HOUR));
        Session outliving = derived(derive(agentAttest(ending(10)), systemAttest(), HOUR));

        assertThat(session.isActiveAt(NOW - 1)).isFalse();
        assertThat(session.isActiveAt(NOW)).isTrue();
        assertThat(session.isActiveAt(NOW + HOUR)).isTrue();
        assertThat(session.isActiveAt(NOW + HOUR + 1)).isFalse();
        assertThat(outliving.isActiveAt(NOW + 10)).isTrue();
        assertThat(outliving.isActiveAt(NOW + 11)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec_version", "session_id", "agent_cert", "is_cert", "chosen_version", "agent_nonce_b64",
        "is_nonce_b64", "established_at", "expires_at"})
    void aRecordWithAMemberMissingOrOfAnotherTypeIsNone(String member) {
        JsonObject record = derived(derive(agentAttest(), systemAttest(), HOUR)).json();

        assertThat(Session.fromJson(record.without(member))).isNull();
        assertThat(Session.fromJson(record.with(member, JsonNull.NULL))).isNull();
        assertThat(agreement(record.without(member), NOW)).isNotEqualTo(SessionAgreement.AGREED);
    }

    @Test
    void aClientAgreesToItsOwnRecordAndToNoOther() {
        JsonObject record = derived(derive(agentAttest(), systemAttest(), HOUR)).json();

        assertThat(agreement(record, NOW)).isEqualTo(SessionAgreement.AGREED);
        assertThat(agreement(record.with("added", JsonNull.NULL), NOW)).isEqualTo(SessionAgreement.DIFFERENT);
        assertThat(agreement(record.with("chosen_version", new JsonString("1.0")), NOW))
                .isEqualTo(SessionAgreement.DIFFERENT);
        assertThat(agreement(record.with("is_cert", agentCertificate().json()), NOW))
                .isEqualTo(SessionAgreement.DIFFERENT);
        assertThat(agreement(record, NOW + 1_000)).isEqualTo(SessionAgreement.AGREED);
        assertThat(agreement(record, NOW + 1_001)).isEqualTo(SessionAgreement.INSTANT_BEYOND_SKEW);
        assertThat(agreement(record, NOW - 1_001)).isEqualTo(SessionAgreement.INSTANT_BEYOND_SKEW);
        assertThat(agreement(record.with("expires_at", new JsonNumber(NOW + HOUR + 1)), NOW))
                .isEqualTo(SessionAgreement.TOO_LONG);
        assertThat(agreement(record.with("expires_at", new JsonNumber(NOW + HOUR - 1)), NOW))
                .isEqualTo(SessionAgreement.AGREED);
        assertThat(agreement(record.with("expires_at", new JsonNumber(NOW)), NOW))
                .isEqualTo(SessionAgreement.DIFFERENT);
    }

    @Test
    void aRecordThatOutlivesACertificateIsNotAgreedTo() {
        Attest agent = agentAttest(ending(10));
        JsonObject record = derived(derive(agent, systemAttest(), 11L)).json();

        assertThat(SessionAgreement.compare(record, agent, systemAttest(), 0, null, NOW))
                .isEqualTo(SessionAgreement.TOO_LONG);
        assertThat(SessionAgreement.compare(record.with("expires_at", new JsonNumber(NOW + 10)), agent, systemAttest(),
                0, null, NOW)).isEqualTo(SessionAgreement.AGREED);
    }

    @Test
    void aSessionProofHoldsForOneSessionOneAudienceAndOneKey() {
        SessionId id = derived(derive(agentAttest(), systemAttest(), HOUR)).id();
        var proof = new SessionProof(id, "mcp://system.example");
        SignedStatement signed = SignedStatement.sign(proof.statement(), signer("agent"));
        SignedStatement another = SignedStatement.sign(
                proof.statement().with("spec", new JsonString("agentpassport.session.v2")), signer("agent"));

        assertThat(proof.isProvedBy(signed, signer("agent").publicKey())).isTrue();
        assertThat(proof.isProvedBy(signed, signer("other").publicKey())).isFalse();
        assertThat(proof.isProvedBy(another, signer("agent").publicKey())).isFalse();
        assertThat(new SessionProof(id, "mcp://other.example").isProvedBy(signed, signer("agent").publicKey()))
                .isFalse();
        assertThat(new SessionProof(new SessionId("sha256:" + "0".repeat(64)), "mcp://system.example")
                .isProvedBy(signed, signer("agent").publicKey())).isFalse();
    }

    private static Certificate ending(long afterMillis) {
        return Certificate.received(
                resigned(agentCertificate().json().with("not_after", new JsonNumber(NOW + afterMillis)), "issuer"));
    }

    private static Attest changed(Attest attest, String member, String text) {
        return changed(attest, member, new JsonString(text));
    }

    private static Attest changed(Attest attest, String member, JsonValue value) {
        String label = "agent".equals(attest.json().string("role")) ? "agent" : "system";
        return new Attest(resigned(attest.json().with(member, value), label));
    }

    private static Outcome derive(Attest agent, Attest system, @Nullable Long maximum) {
        return SessionDerivation.derive(agent, system, maximum, NOW);
    }

    private static Outcome verified(Attest agent, Attest system, @Nullable Long maximum) {
        var verifier = new AttestVerifier(policy(), anchors(), CertificateVerifier.DIRECT);
        return SessionDerivation.deriveVerified(agent, system, verifier, verifier, maximum, NOW);
    }

    private static Session derived(Outcome outcome) {
        return ((Derived) outcome).session();
    }

    private static SessionAgreement agreement(JsonObject record, double now) {
        return SessionAgreement.compare(record, agentAttest(), systemAttest(), 1_000, HOUR, now);
    }

    private static Refused refused(MutualAuthFailure reason, @Nullable String detail) {
        return new Refused(new Failure(reason, detail));
    }
}
