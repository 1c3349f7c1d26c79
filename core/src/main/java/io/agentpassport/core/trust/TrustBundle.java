package io.agentpassport.core.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.signing.SignedDocument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signed list of trust anchors, as received: nothing of it has been verified.
 *
 * @param json the document, whole and as it came; it must have passed the gate
 */
public record TrustBundle(JsonObject json) {

    /** The version of the document's form. */
    public static final String SPEC_VERSION = "1.0";

    /** What verifying answers: {@link Valid} or {@link Invalid}. */
    public sealed interface Verdict permits Valid, Invalid {}

    /** The bundle can be used now. */
    public record Valid(VerifiedTrustBundle bundle) implements Verdict {}

    /** Why not; the order of the constants is the order of the checks. */
    public enum Invalid implements Verdict {
        /** The publisher's key is not among the trusted ones, letter for letter. */
        UNTRUSTED_PUBLISHER,
        /** The signature does not verify, or a member is missing or malformed. */
        SIGNATURE_INVALID,
        /** It is from later than now. */
        NOT_YET_VALID,
        /** It should have been refreshed before now. */
        BUNDLE_EXPIRED;

        /** The word in answers. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Verifies the bundle.
     *
     * @param trustedPublishersHex keys in lower-case hex; one in any other form matches nothing
     * @param nowMillis unix milliseconds
     */
    public Verdict verify(Collection<String> trustedPublishersHex, double nowMillis) {
        PublicKey publisher = PublicKey.fromHex(json.string("publisher_pubkey_hex"));
        if (publisher == null || !trustedPublishersHex.contains(publisher.hex())) {
            return Invalid.UNTRUSTED_PUBLISHER;
        }
        if (!SignedDocument.verifies(json, SignedDocument.signedBytes(json), publisher)) {
            return Invalid.SIGNATURE_INVALID;
        }
        VerifiedTrustBundle bundle = typed(publisher);
        if (bundle == null) {
            return Invalid.SIGNATURE_INVALID;
        }
        if (nowMillis < bundle.issuedAtMillis()) {
            return Invalid.NOT_YET_VALID;
        }
        return nowMillis > bundle.refreshAfterMillis() ? Invalid.BUNDLE_EXPIRED : new Valid(bundle);
    }

    private @Nullable VerifiedTrustBundle typed(PublicKey publisher) {
        String bundleId = json.string("bundle_id");
        Double issuedAt = json.number("issued_at");
        Double refreshAfter = json.number("refresh_after");
        List<TrustAnchor> anchors = anchors();
        List<String> revokedAnchors = stringsOrEmpty("revoked_anchors");
        List<String> revokedCertificates = stringsOrEmpty("revoked_certificates");
        if (!SPEC_VERSION.equals(json.string("spec_version")) || bundleId == null || issuedAt == null
                || refreshAfter == null || anchors == null || revokedAnchors == null || revokedCertificates == null) {
            return null;
        }
        return new VerifiedTrustBundle(this, publisher, bundleId, issuedAt, refreshAfter, anchors, revokedAnchors,
                revokedCertificates);
    }

    private @Nullable List<TrustAnchor> anchors() {
        if (!(json.get("anchors") instanceof JsonArray array)) {
            return null;
        }
        var anchors = new ArrayList<TrustAnchor>(array.values().size());
        for (JsonValue value : array.values()) {
            if (!(value instanceof JsonObject object) || !isAnchor(object)) {
                return null;
            }
            TrustAnchor anchor = TrustAnchor.fromJson(object);
            if (anchor != null) {
                anchors.add(anchor);
            }
        }
        return anchors;
    }

    /** Whether an anchor has all its members; an unknown role or a key in another form is one that matches nothing. */
    private static boolean isAnchor(JsonObject json) {
        return json.string("anchor_id") != null && json.string("display_name") != null && json.string("role") != null
                && json.string("pubkey_hex") != null && json.number("not_before") != null
                && json.number("not_after") != null
                && (json.isUnset("binding_constraints") || json.strings("binding_constraints") != null);
    }

    private @Nullable List<String> stringsOrEmpty(String member) {
        return json.isUnset(member) ? List.of() : json.strings(member);
    }
}
