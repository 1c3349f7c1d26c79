package io.agentpassport.core.trust;

import static io.agentpassport.core.Parties.DAY;
import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.agentCertificate;
import static io.agentpassport.core.Parties.anchor;
import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.systemCertificate;
import static io.agentpassport.core.Parties.verified;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.trust.TrustAnchors.Reason;
import io.agentpassport.core.trust.TrustAnchors.Trusted;
import io.agentpassport.core.trust.TrustAnchors.Untrusted;
import io.agentpassport.core.trust.TrustAnchors.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustAnchorsTest {

    @Test
    void anAnchorVouchesForWhatItsKeySigned() {
        assertThat(check(anchor())).isEqualTo(new Trusted(anchor()));
        assertThat(TrustAnchors.NONE.check(agentCertificate())).isEqualTo(unknown());
        assertThat(check(named("a", "other"))).isEqualTo(unknown());
    }

    @Test
    void ofTwoAnchorsWithOneKeyARevokedOneDecidesOtherwiseTheFirst() {
        TrustAnchor first = named("first", "issuer");
        TrustAnchor second = named("second", "issuer");

        assertThat(check(first, second)).isEqualTo(new Trusted(first));
        assertThat(check(second, first)).isEqualTo(new Trusted(second));
        for (List<TrustAnchor> order : List.of(List.of(first, second), List.of(second, first))) {
            assertThat(TrustAnchors.of(order, Set.of("second")).check(agentCertificate()))
                    .isEqualTo(new Untrusted(Reason.REVOKED_ANCHOR, second));
            assertThat(TrustAnchors.of(order, Set.of("first")).check(agentCertificate()))
                    .isEqualTo(new Untrusted(Reason.REVOKED_ANCHOR, first));
        }
        assertThat(TrustAnchors.of(List.of(first, second), Set.of("first", "second")).check(agentCertificate()))
                .isEqualTo(new Untrusted(Reason.REVOKED_ANCHOR, first));
    }

    @Test
    void revocationIsAskedBeforeTheBindingAndTheBindingBeforeTheRole() {
        TrustAnchor wrong = constrained(Role.AGENT, "none:*");

        assertThat(TrustAnchors.of(List.of(wrong), Set.of(wrong.anchorId())).check(agentCertificate()))
                .isEqualTo(new Untrusted(Reason.REVOKED_ANCHOR, wrong));
        assertThat(check(wrong)).isEqualTo(new Untrusted(Reason.BINDING_MISMATCH, wrong));
        assertThat(check(constrained(Role.AGENT, "agent:*"))).isEqualTo(unknown());
        assertThat(check(constrained(null, "agent:*"))).isEqualTo(unknown());
        assertThat(check(constrained(Role.TRUST_ANCHOR, "agent:*"))).isInstanceOf(Trusted.class);
    }

    @ParameterizedTest
    @CsvSource({"agent:a,agent:a,true", "agent:a,agent:ab,false", "agent:*,agent:a,true", "agent:*,agent:,true",
        "agent:*,agen:a,false", "*,anything,true", "agent:*x,agent:ax,false", "agent:*x,agent:*x,true", "a,A,false",
        "agent:**,agent:*b,true", "agent:**,agent:b,false"})
    void aConstraintMatchesExactlyOrAsAPrefixBeforeItsClosingStar(String constraint, String binding, boolean matches) {
        assertThat(TrustAnchor.matches(constraint, binding)).isEqualTo(matches);
    }

    @Test
    void noConstraintsConstrainNothingAndOneOfSeveralIsEnough() {
        assertThat(constrained(Role.TRUST_ANCHOR).permits("anything")).isTrue();
        assertThat(constrained(Role.TRUST_ANCHOR, "x", "agent:*").permits("agent:a")).isTrue();
        assertThat(constrained(Role.TRUST_ANCHOR, "x", "y").permits("agent:a")).isFalse();
    }

    @Test
    void theAnchorsOwnLifeIsAskedAtAnInstantWithoutSkew() {
        TrustAnchors anchors = TrustAnchors.of(List.of(anchor()), Set.of());

        assertThat(anchors.checkAt(verified(agentCertificate()), NOW - 30 * DAY)).isInstanceOf(Trusted.class);
        assertThat(anchors.checkAt(verified(agentCertificate()), NOW - 30 * DAY - 1)).isEqualTo(unknown());
        assertThat(anchors.checkAt(verified(agentCertificate()), NOW + 30 * DAY)).isInstanceOf(Trusted.class);
        assertThat(anchors.checkAt(verified(agentCertificate()), NOW + 30 * DAY + 1)).isEqualTo(unknown());
        assertThat(anchors.check(agentCertificate())).isInstanceOf(Trusted.class);
    }

    @Test
    void aRevokedCertificateIsNotTrustedAndItsSiblingIs() {
        TrustAnchors anchors = TrustAnchors.builder().add(anchor(), false, Set.of(agentCertificate().id())).build();

        assertThat(anchors.checkAt(verified(agentCertificate()), NOW))
                .isEqualTo(new Untrusted(Reason.REVOKED_CERTIFICATE, anchor()));
        assertThat(anchors.checkAt(verified(systemCertificate()), NOW))
                .isInstanceOf(Trusted.class);
    }

    @Test
    void aKeyInUpperCaseMatchesNothing() {
        String upper = key("issuer").hex().toUpperCase(Locale.ROOT);
        JsonObject certificate = agentCertificate().json().with("issuer_pubkey_hex", new JsonString(upper));

        assertThat(TrustAnchors.of(List.of(anchor()), Set.of()).check(Certificate.received(certificate)))
                .isEqualTo(unknown());
        assertThat(TrustAnchor.fromJson(anchor().json().with("pubkey_hex", new JsonString(upper)))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anchor_id", "pubkey_hex"})
    void anAnchorWithoutIdOrKeyIsNone(String member) {
        assertThat(TrustAnchor.fromJson(anchor().json().without(member))).isNull();
        assertThat(TrustAnchor.fromJson(anchor().json().with(member, JsonObject.EMPTY))).isNull();
    }

    @Test
    void constraintsThatAreNoTextsMakeNoAnchorSinceNoneWouldConstrainNothing() {
        assertThat(TrustAnchor.fromJson(anchor().json().with("binding_constraints", new JsonString("agent:*"))))
                .isNull();
        assertThat(TrustAnchor.fromJson(anchor().json().with("binding_constraints", JsonObject.EMPTY))).isNull();
    }

    @Test
    void aDocumentReadsBackAsItsAnchor() {
        assertThat(TrustAnchor.fromJson(anchor().json())).isEqualTo(anchor());
        assertThat(anchor().json().has("binding_constraints")).isFalse();
        assertThat(TrustAnchor.fromJson(constrained(Role.TRUST_ANCHOR, "a", "b").json()))
                .isEqualTo(constrained(Role.TRUST_ANCHOR, "a", "b"));
    }

    @Test
    void anAnchorWithoutALifeVouchesForNobody() {
        TrustAnchor anchor = TrustAnchor.fromJson(anchor().json().without("not_after"));

        assertThat(anchor).isNotNull();
        assertThat(TrustAnchors.of(List.of(anchor), Set.of()).checkAt(verified(agentCertificate()), NOW))
                .isEqualTo(unknown());
    }

    private static Verdict check(TrustAnchor... anchors) {
        return TrustAnchors.of(List.of(anchors), Set.of()).check(agentCertificate());
    }

    private static Untrusted unknown() {
        return new Untrusted(Reason.UNKNOWN_ISSUER, null);
    }

    private static TrustAnchor named(String id, String issuer) {
        return new TrustAnchor(id, id, Role.TRUST_ANCHOR, key(issuer), 0.0, 1e15, List.of());
    }

    private static TrustAnchor constrained(@Nullable Role role, String... constraints) {
        return new TrustAnchor("a", "A", role, key("issuer"), 0.0, 1e15, List.of(constraints));
    }
}
