package io.agentpassport.server.trust;

import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The newest bundle of a publisher that ever was in force. It stays when the publisher is removed, so that removing and
 * adding it again does not let an older bundle in.
 *
 * @param issuedAtMillis
 *            its instant, unix milliseconds
 * @param digest
 *            {@code sha256:HEX} of its bytes
 */
record Floor(double issuedAtMillis, String digest) {

    /** Whether a bundle may come after this: it is newer, or the very same. */
    boolean admits(BundleInForce bundle) {
        double issuedAt = bundle.bundle().issuedAtMillis();
        return issuedAt > issuedAtMillis || (issuedAt == issuedAtMillis && digest.equals(bundle.digest()));
    }

    JsonObject json() {
        return JsonObject.builder().put("issued_at", issuedAtMillis).put("digest", digest).build();
    }

    static @Nullable Floor fromJson(JsonObject json) {
        Double issuedAt = json.number("issued_at");
        String digest = json.string("digest");
        return issuedAt == null || digest == null ? null : new Floor(issuedAt, digest);
    }
}
