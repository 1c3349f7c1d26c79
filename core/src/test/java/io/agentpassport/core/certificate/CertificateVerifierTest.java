package io.agentpassport.core.certificate;

import static io.agentpassport.core.Parties.DAY;
import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.agentCertificate;
import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.resigned;
import static io.agentpassport.core.Parties.signer;
import static io.agentpassport.core.Parties.systemCertificate;
import static io.agentpassport.core.Parties.unsigned;
import static io.agentpassport.core.Parties.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.certificate.Certificate.Window;
import io.agentpassport.core.certificate.CertificateVerifier.Invalid;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.signing.SignedDocument;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateVerifierTest {

    private static final JsonObject AGENT = agentCertificate().json();

    @Test
    void aCertificateOfOursVerifiesAndShowsItsMembers() {
        VerifiedCertificate certificate = verified(agentCertificate());

        assertThat(certificate.role()).isEqualTo(Role.AGENT);
        assertThat(certificate.issuerRole()).isEqualTo(Role.TRUST_ANCHOR);
        assertThat(certificate.issuerKey()).isEqualTo(key("issuer"));
        assertThat(certificate.subjectKey()).isEqualTo(key("agent"));
        assertThat(certificate.supportedVersions()).containsExactly("1.1", "1.0");
        assertThat(certificate.subjectId()).isEqualTo("did:example:agent");
        assertThat(certificate.issuerId()).isEqualTo("issuer");
        assertThat(certificate.binding()).isEqualTo("agent:agent");
        assertThat(certificate.notBeforeMillis()).isEqualTo(NOW - DAY);
        assertThat(certificate.notAfterMillis()).isEqualTo(NOW + DAY);
        assertThat(certificate.grade()).isEqualTo(new AttestationGrade(2));
        assertThat(certificate.capabilities()).containsExactly("mcp:read", "mcp:write");
        assertThat(certificate.id()).isEqualTo(agentCertificate().id());
    }

    @Test
    void unsetGradeAndCapabilitiesAreExplicitNulls() {
        JsonObject json = systemCertificate().json();

        assertThat(json.get("attestation_grade")).isEqualTo(JsonNull.NULL);
        assertThat(json.get("capabilities")).isEqualTo(JsonNull.NULL);
        assertThat(verified(systemCertificate()).grade()).isNull();
        assertThat(verified(systemCertificate()).capabilities()).isNull();
    }

    @Test
    void theIdNamesEverythingButTheSignature() {
        JsonObject otherSignature = AGENT.with(SignedDocument.SIGNATURE_MEMBER, new JsonString("x"));

        assertThat(Certificate.received(otherSignature).id()).isEqualTo(agentCertificate().id());
        assertThat(Certificate.received(AGENT.with("added", JsonNull.NULL)).id())
                .isNotEqualTo(agentCertificate().id());
        assertThat(Certificate.received(AGENT.without("capabilities")).id()).isNotEqualTo(agentCertificate().id());
    }

    @Test
    void unknownMembersAreCoveredByTheSignature() {
        JsonObject added = AGENT.with("added", new JsonNumber(1));

        assertThat(verify(added)).isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(resigned(added, "issuer"))).isInstanceOf(CertificateVerifier.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec_version", "role", "subject_id", "issuer_id", "issuer_role", "issuer_pubkey_hex",
        "subject_pubkey_hex", "not_before", "not_after", "binding"})
    void aMemberThatIsMissingNullOrOfAnotherTypeNeverVerifies(String member) {
        for (JsonValue wrong : List.of(JsonNull.NULL, JsonArray.EMPTY, JsonObject.EMPTY)) {
            assertThat(verify(resigned(AGENT.with(member, wrong), "issuer"))).isEqualTo(Invalid.SIGNATURE_INVALID);
        }
        assertThat(verify(resigned(AGENT.without(member), "issuer"))).isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @CsvSource({"role,trust_anchor", "role,Agent", "role,robot", "issuer_role,Trust_Anchor", "spec_version,1.1",
        "attestation_grade,2", "capabilities,mcp:read", "supported_versions,1.1", "not_after,2000000000000"})
    void aTextThatIsNoneOfTheKnownNeverVerifies(String member, String text) {
        assertThat(verify(resigned(AGENT.with(member, new JsonString(text)), "issuer")))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 4, 1.5, 1e9})
    void aGradeIsAnIntegerFromZeroToThree(double grade) {
        assertThat(verify(resigned(AGENT.with("attestation_grade", new JsonNumber(grade)), "issuer")))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 3})
    void gradesZeroAndThreeVerify(double grade) {
        assertThat(verify(resigned(AGENT.with("attestation_grade", new JsonNumber(grade)), "issuer")))
                .isInstanceOf(CertificateVerifier.Valid.class);
    }

    @Test
    void keysInUpperCaseNeverVerify() {
        String upper = key("issuer").hex().toUpperCase(Locale.ROOT);

        assertThat(verify(resigned(AGENT.with("issuer_pubkey_hex", new JsonString(upper)), "issuer")))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @Test
    void noVersionsIsTheFirstAnswer() {
        JsonObject unsigned = AGENT.without(SignedDocument.SIGNATURE_MEMBER);

        assertThat(verify(unsigned.with("supported_versions", JsonArray.EMPTY))).isEqualTo(Invalid.VERSION_EMPTY);
        assertThat(verify(unsigned.with("supported_versions", JsonNull.NULL))).isEqualTo(Invalid.VERSION_EMPTY);
        assertThat(verify(unsigned.without("supported_versions"))).isEqualTo(Invalid.VERSION_EMPTY);
        assertThat(verify(unsigned.with("supported_versions", new JsonString("1.1"))))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(JsonObject.EMPTY)).isEqualTo(Invalid.VERSION_EMPTY);
    }

    @Test
    void anotherIssuersSignatureNeverVerifies() {
        assertThat(verify(resigned(AGENT, "other"))).isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(AGENT.without(SignedDocument.SIGNATURE_MEMBER))).isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @Test
    void anIssuerSignsOnlyForItselfAndNeverWithoutVersions() {
        UnsignedCertificate unsigned = unsigned(Role.AGENT, "agent");
        var empty = new UnsignedCertificate(Role.AGENT, "a", key("agent"), "i", Role.TRUST_ANCHOR, key("issuer"), 0, 1,
                "b", null, List.of(), null);

        assertThatIllegalArgumentException().isThrownBy(() -> unsigned.sign(signer("other")));
        assertThatIllegalArgumentException().isThrownBy(() -> empty.sign(signer("issuer")));
        assertThatIllegalArgumentException().isThrownBy(() -> unsigned(Role.TRUST_ANCHOR, "agent"));
        assertThat(empty.json().strings("supported_versions")).isEmpty();
    }

    @Test
    void anUnsafeTimeIsNeverSigned() {
        var unsafe = new UnsignedCertificate(Role.AGENT, "a", key("agent"), "i", Role.TRUST_ANCHOR, key("issuer"), 0,
                9007199254740992d, "b", null, List.of("1.0"), null);

        assertThatIllegalArgumentException().isThrownBy(() -> unsafe.sign(signer("issuer")))
                .withMessageContaining("integer_exceeds_interoperable_range");
    }

    @Test
    void bothEndsOfTheWindowAreInclusiveAndWidenedByTheSkew() {
        Certificate certificate = agentCertificate();

        assertThat(certificate.window(NOW - DAY, 0)).isEqualTo(Window.VALID);
        assertThat(certificate.window(NOW - DAY - 1, 0)).isEqualTo(Window.NOT_YET_VALID);
        assertThat(certificate.window(NOW - DAY - 5, 5)).isEqualTo(Window.VALID);
        assertThat(certificate.window(NOW - DAY - 6, 5)).isEqualTo(Window.NOT_YET_VALID);
        assertThat(certificate.window(NOW + DAY, 0)).isEqualTo(Window.VALID);
        assertThat(certificate.window(NOW + DAY + 1, 0)).isEqualTo(Window.EXPIRED);
        assertThat(certificate.window(NOW + DAY + 5, 5)).isEqualTo(Window.VALID);
        assertThat(certificate.window(NOW + DAY + 6, 5)).isEqualTo(Window.EXPIRED);
    }

    @Test
    void aWindowWithoutBoundsOrTurnedRoundIsNeverOpen() {
        assertThat(Certificate.received(AGENT.without("not_before")).window(NOW, 0)).isEqualTo(Window.NOT_YET_VALID);
        assertThat(Certificate.received(AGENT.without("not_after")).window(NOW, 0)).isEqualTo(Window.EXPIRED);
        assertThat(Certificate.received(AGENT.with("not_before", new JsonNumber(NOW + 1))
                .with("not_after", new JsonNumber(NOW - 1))).window(NOW, 10)).isEqualTo(Window.EXPIRED);
    }

    @Test
    void gradesAreZeroToThree() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AttestationGrade(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AttestationGrade(4));
    }

    @Test
    void aKeyOffTheCurveVerifiesNothing() {
        PublicKey off = PublicKey.of(new byte[32]);

        assertThat(verify(resigned(AGENT.with("issuer_pubkey_hex", new JsonString(off.hex())), "issuer")))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    private static CertificateVerifier.Verdict verify(JsonObject json) {
        return CertificateVerifier.DIRECT.verify(Certificate.received(json));
    }
}
