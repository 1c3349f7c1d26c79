package io.agentpassport.core.trust;

import static io.agentpassport.core.Parties.DAY;
import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.agentCertificate;
import static io.agentpassport.core.Parties.anchor;
import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.resigned;
import static io.agentpassport.core.Parties.verified;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.trust.TrustAnchors.Reason;
import io.agentpassport.core.trust.TrustAnchors.Untrusted;
import io.agentpassport.core.trust.TrustBundle.Invalid;
import io.agentpassport.core.trust.TrustBundle.Valid;
import io.agentpassport.core.trust.TrustBundle.Verdict;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustBundleTest {

    private static final String PUBLISHER = key("publisher").hex();
    private static final JsonObject BUNDLE = resigned(new UnsignedTrustBundle("bundle-1", NOW,
            List.of(anchor().json()), NOW + DAY, List.of(), List.of(), key("publisher")).json(), "publisher");

    @Test
    void aBundleOfATrustedPublisherGivesItsAnchors() {
        assertThat(verify(BUNDLE, NOW)).isInstanceOfSatisfying(Valid.class, valid -> {
            assertThat(valid.bundle().anchors()).containsExactly(anchor());
            assertThat(valid.bundle().publisherKey()).isEqualTo(key("publisher"));
            assertThat(valid.bundle().bundleId()).isEqualTo("bundle-1");
            assertThat(valid.bundle().trustAnchors().check(agentCertificate()))
                    .isInstanceOf(TrustAnchors.Trusted.class);
        });
    }

    @Test
    void aPublisherIsMatchedLetterForLetter() {
        String upper = PUBLISHER.toUpperCase(Locale.ROOT);

        assertThat(new TrustBundle(BUNDLE).verify(List.of(), NOW)).isEqualTo(Invalid.UNTRUSTED_PUBLISHER);
        assertThat(new TrustBundle(BUNDLE).verify(List.of(upper), NOW)).isEqualTo(Invalid.UNTRUSTED_PUBLISHER);
        assertThat(new TrustBundle(BUNDLE.without("publisher_pubkey_hex")).verify(List.of(PUBLISHER), NOW))
                .isEqualTo(Invalid.UNTRUSTED_PUBLISHER);
    }

    @Test
    void bothEndsAreInclusive() {
        assertThat(verify(BUNDLE, NOW - 1)).isEqualTo(Invalid.NOT_YET_VALID);
        assertThat(verify(BUNDLE, NOW)).isInstanceOf(Valid.class);
        assertThat(verify(BUNDLE, NOW + DAY)).isInstanceOf(Valid.class);
        assertThat(verify(BUNDLE, NOW + DAY + 1)).isEqualTo(Invalid.BUNDLE_EXPIRED);
    }

    @Test
    void theSignatureIsAskedBeforeTheInstant() {
        assertThat(verify(resigned(BUNDLE, "other"), NOW - 1)).isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(BUNDLE.with("bundle_id", new JsonString("x")), NOW)).isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec_version", "bundle_id", "issued_at", "anchors", "refresh_after"})
    void aMalformedBundleIsNoneHoweverItIsSigned(String member) {
        assertThat(verify(resigned(BUNDLE.without(member), "publisher"), NOW)).isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(resigned(BUNDLE.with(member, JsonNull.NULL), "publisher"), NOW))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(resigned(BUNDLE.with(member, JsonObject.EMPTY), "publisher"), NOW))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoked_anchors", "revoked_certificates"})
    void revocationsAreTextsNullOrAbsent(String member) {
        assertThat(verify(resigned(BUNDLE.without(member), "publisher"), NOW)).isInstanceOf(Valid.class);
        assertThat(verify(resigned(BUNDLE.with(member, JsonNull.NULL), "publisher"), NOW)).isInstanceOf(Valid.class);
        assertThat(verify(resigned(BUNDLE.with(member, new JsonString("x")), "publisher"), NOW))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anchor_id", "display_name", "role", "pubkey_hex", "not_before", "not_after"})
    void oneMalformedAnchorSpoilsTheBundle(String member) {
        JsonObject broken = anchor().json().without(member);

        assertThat(verify(withAnchors(broken), NOW)).isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(verify(withAnchors(anchor().json().with(member, JsonObject.EMPTY)), NOW))
                .isEqualTo(Invalid.SIGNATURE_INVALID);
    }

    @Test
    void anAnchorWhoseKeyMatchesNothingIsLeftOut() {
        String upper = key("issuer").hex().toUpperCase(Locale.ROOT);

        assertThat(verify(withAnchors(anchor().json().with("pubkey_hex", new JsonString(upper))), NOW))
                .isInstanceOfSatisfying(Valid.class, valid -> assertThat(valid.bundle().anchors()).isEmpty());
    }

    @Test
    void itsRevocationsHold() {
        JsonObject anchorRevoked = resigned(
                BUNDLE.with("revoked_anchors", JsonArray.ofStrings(List.of("anchor-issuer"))), "publisher");
        JsonObject certificateRevoked = resigned(BUNDLE.with("revoked_certificates",
                JsonArray.ofStrings(List.of(agentCertificate().id().text(), "no id"))), "publisher");

        assertThat(anchorsOf(anchorRevoked).checkAt(verified(agentCertificate()), NOW))
                .isEqualTo(new Untrusted(Reason.REVOKED_ANCHOR, anchor()));
        assertThat(anchorsOf(certificateRevoked).checkAt(verified(agentCertificate()), NOW))
                .isEqualTo(new Untrusted(Reason.REVOKED_CERTIFICATE, anchor()));
    }

    @Test
    void whatIsNotSaidIsAnExplicitNullOrLeftOut() {
        JsonObject json = new UnsignedTrustBundle("b", NOW, List.of(), NOW, null, null, key("publisher")).json();

        assertThat(json.get("revoked_anchors")).isEqualTo(JsonNull.NULL);
        assertThat(json.has("revoked_certificates")).isFalse();
    }

    private static TrustAnchors anchorsOf(JsonObject bundle) {
        return ((Valid) verify(bundle, NOW)).bundle().trustAnchors();
    }

    private static JsonObject withAnchors(JsonObject... anchors) {
        return resigned(BUNDLE.with("anchors", new JsonArray(List.of(anchors))), "publisher");
    }

    private static Verdict verify(JsonObject bundle, double now) {
        return new TrustBundle(bundle).verify(List.of("ff", PUBLISHER), now);
    }
}
