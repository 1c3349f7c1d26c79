package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** An identity as two members of a row: {@code issuer_domain} and {@code binding}. */
final class IdentityJson {

    private IdentityJson() {}

    static JsonObject of(Identity identity) {
        return JsonObject.builder()
                .put("issuer_domain", identity.issuerDomain())
                .put("binding", identity.binding())
                .build();
    }

    /** The identity that the members name, or null when one is absent, empty or too long. */
    static @Nullable Identity read(JsonObject json) {
        return Identity.of(json.string("issuer_domain"), json.string("binding"));
    }
}
