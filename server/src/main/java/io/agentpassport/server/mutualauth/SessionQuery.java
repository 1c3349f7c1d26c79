package io.agentpassport.server.mutualauth;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.server.partition.IndexWalk;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list. The record of the same name in {@code io.agentpassport.wire} is what a message asked for, page
 * included; this one is what its caller may see of that, as {@code .server.rpc} decides.
 *
 * @param agent
 *            of which agents
 * @param state
 *            only in this one; null in any
 */
public record SessionQuery(IdentityFilter agent, @Nullable SessionState state) {

    /** 16 hex digits that tell one query from another. */
    String fingerprint() {
        JsonObject query = JsonObject.builder()
                .put("issuer_domain", agent.issuerDomain())
                .put("binding", agent.binding())
                .put("state", state == null ? null : state.text())
                .build();
        return IndexWalk.fingerprint(query);
    }
}
