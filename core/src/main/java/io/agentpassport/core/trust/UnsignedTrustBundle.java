package io.agentpassport.core.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher is about to say of its anchors.
 *
 * @param bundleId the bundle's name
 * @param issuedAtMillis unix milliseconds; a bundle replaces one issued before it
 * @param anchors the anchors' documents, as they are
 * @param refreshAfterMillis the last instant at which it may be used, unix milliseconds
 * @param revokedAnchors ids of anchors that are revoked; null when nothing is said
 * @param revokedCertificates ids of revoked certificates whose life is not over; null leaves the member out
 * @param publisherKey the key that signs
 */
public record UnsignedTrustBundle(String bundleId, double issuedAtMillis, List<JsonObject> anchors,
        double refreshAfterMillis, @Nullable List<String> revokedAnchors, @Nullable List<String> revokedCertificates,
        PublicKey publisherKey) {

    /** Copies the lists. */
    public UnsignedTrustBundle {
        anchors = List.copyOf(anchors);
        revokedAnchors = revokedAnchors == null ? null : List.copyOf(revokedAnchors);
        revokedCertificates = revokedCertificates == null ? null : List.copyOf(revokedCertificates);
    }

    /** The document: {@code revoked_anchors} is always there, as a list or an explicit null. */
    public JsonObject json() {
        JsonObject.Builder members = JsonObject.builder()
                .put("spec_version", TrustBundle.SPEC_VERSION)
                .put("bundle_id", bundleId)
                .put("issued_at", issuedAtMillis)
                .put("anchors", new JsonArray(List.copyOf(anchors)))
                .put("refresh_after", refreshAfterMillis)
                .put("revoked_anchors", revokedAnchors)
                .put("publisher_pubkey_hex", publisherKey.hex());
        if (revokedCertificates != null) {
            members.put("revoked_certificates", revokedCertificates);
        }
        return members.build();
    }
}
