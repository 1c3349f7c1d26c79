package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose trust bundles the service believes.
 *
 * @param key
 *            signs its bundles
 * @param issuerDomain
 *            what all its anchors issue for, 1 to 256 characters; no two publishers share one
 * @param allowedBindings
 *            constraints on the bindings its anchors may certify here, on top of their own: exact, or a prefix that ends in
 *            {@code *}; empty allows every binding
 * @param own
 *            whether it is this service
 * @param addedAt
 *            in whole milliseconds
 */
public record Publisher(PublicKey key, String issuerDomain, List<String> allowedBindings, boolean own,
        Instant addedAt) {

    public Publisher {
        allowedBindings = List.copyOf(allowedBindings);
    }

    /** Whether it stands for the same thing, whenever it was added. */
    boolean hasTermsOf(Publisher other) {
        return key.equals(other.key) && issuerDomain.equals(other.issuerDomain)
                && allowedBindings.equals(other.allowedBindings) && own == other.own;
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("pubkey_hex", key.hex())
                .put("issuer_domain", issuerDomain)
                .put("allowed_bindings", allowedBindings)
                .put("own", own ? "yes" : "no")
                .put("added_at", (double) addedAt.toEpochMilli())
                .build();
    }

    static @Nullable Publisher fromJson(JsonObject json) {
        PublicKey key = PublicKey.fromHex(json.string("pubkey_hex"));
        String issuerDomain = json.string("issuer_domain");
        List<String> allowed = json.strings("allowed_bindings");
        String own = json.string("own");
        Double addedAt = json.number("added_at");
        if (key == null || issuerDomain == null || allowed == null || own == null || addedAt == null) {
            return null;
        }
        return new Publisher(key, issuerDomain, allowed, own.equals("yes"),
                Instant.ofEpochMilli(addedAt.longValue()));
    }
}
