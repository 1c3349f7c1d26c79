package io.agentpassport.core.trust;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issuer that is believed: what it signs is taken, within its own life and for the bindings it may speak of.
 *
 * @param anchorId its name, by which it is revoked
 * @param displayName for people; null when the document has none
 * @param role what it is; null when the document has no known role, and then it vouches for nobody
 * @param key the key it signs certificates with
 * @param notBeforeMillis first instant of its life, unix milliseconds, inclusive; null when the document has none, and
 *        then it has no life
 * @param notAfterMillis last instant of its life, likewise
 * @param bindingConstraints bindings it may vouch for: each matches exactly, or as a prefix when it ends in {@code *};
 *        an empty list constrains nothing
 */
public record TrustAnchor(String anchorId, @Nullable String displayName, @Nullable Role role, PublicKey key,
        @Nullable Double notBeforeMillis, @Nullable Double notAfterMillis, List<String> bindingConstraints) {

    /** Copies the list. */
    public TrustAnchor {
        bindingConstraints = List.copyOf(bindingConstraints);
    }

    /**
     * The anchor of that document, or null when it has no id, no key in lower-case hex, or constraints that are neither
     * null nor strings: such an anchor vouches for nobody, so it is left out.
     */
    public static @Nullable TrustAnchor fromJson(JsonObject json) {
        String anchorId = json.string("anchor_id");
        PublicKey key = PublicKey.fromHex(json.string("pubkey_hex"));
        List<String> constraints = json.isUnset("binding_constraints")
                ? List.of()
                : json.strings("binding_constraints");
        if (anchorId == null || key == null || constraints == null) {
            return null;
        }
        return new TrustAnchor(anchorId, json.string("display_name"), Role.fromText(json.string("role")), key,
                json.number("not_before"), json.number("not_after"), constraints);
    }

    /**
     * The document of this anchor; no constraints are left out.
     *
     * @throws IllegalStateException for an anchor that lacks a display name, role or life
     */
    public JsonObject json() {
        if (displayName == null || role == null || notBeforeMillis == null || notAfterMillis == null) {
            throw new IllegalStateException("an anchor of ours is complete");
        }
        JsonObject.Builder members = JsonObject.builder()
                .put("anchor_id", anchorId)
                .put("display_name", displayName)
                .put("role", role.text())
                .put("pubkey_hex", key.hex())
                .put("not_before", notBeforeMillis)
                .put("not_after", notAfterMillis);
        if (!bindingConstraints.isEmpty()) {
            members.put("binding_constraints", bindingConstraints);
        }
        return members.build();
    }

    /** Whether it may vouch for that binding. */
    public boolean permits(String binding) {
        return bindingConstraints.isEmpty()
                || bindingConstraints.stream().anyMatch(constraint -> matches(constraint, binding));
    }

    /** Whether that instant, unix milliseconds, is within its life. */
    public boolean isAliveAt(double nowMillis) {
        return notBeforeMillis != null && notAfterMillis != null && notBeforeMillis <= nowMillis
                && nowMillis <= notAfterMillis;
    }

    /** Whether the binding is the constraint, or begins with what stands before its closing star. */
    public static boolean matches(String constraint, String binding) {
        return constraint.equals(binding) || (constraint.endsWith("*")
                && binding.startsWith(constraint.substring(0, constraint.length() - 1)));
    }
}
