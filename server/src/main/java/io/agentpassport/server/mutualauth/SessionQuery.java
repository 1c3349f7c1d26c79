package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.partition.IndexWalk;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list. The record of the same name in {@code io.agentpassport.wire} is what a message asked for, page
 * included; this one is what its caller may see of that, as {@code .server.rpc} decides.
 *
 * @param issuerDomain
 *            only of agents of this one; null of any
 * @param binding
 *            only of agents with this one; null with any
 * @param state
 *            only in this one; null in any
 */
public record SessionQuery(@Nullable String issuerDomain, @Nullable String binding, @Nullable SessionState state) {

    /** Whether the sessions of an identity are asked for. */
    boolean names(Identity identity) {
        return (issuerDomain == null || issuerDomain.equals(identity.issuerDomain()))
                && (binding == null || binding.equals(identity.binding()));
    }

    /** The one identity whose sessions are asked for, or null when it may be any of several. */
    @Nullable
    Identity identity() {
        return IdentityJson.of(issuerDomain, binding);
    }

    /** 16 hex digits that tell one query from another. */
    String fingerprint() {
        JsonObject query = JsonObject.builder()
                .put("issuer_domain", issuerDomain)
                .put("binding", binding)
                .put("state", state == null ? null : state.text())
                .build();
        return IndexWalk.fingerprint(query);
    }
}
