package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What never changes of a budget session.
 *
 * @param agent
 *            who may name it in a call; null for a pot that only funds others
 * @param currency
 *            3 to 8 letters of A to Z
 * @param parent
 *            the session it was carved out of, null for a root
 * @param depth
 *            how many stand above it
 * @param createdAt
 *            in whole milliseconds
 */
record BudgetTerms(@Nullable Identity agent, String currency, @Nullable BudgetSessionId parent, int depth,
        Instant createdAt) {

    BudgetTerms {
        if (!Money.isCurrency(currency) || depth < 0 || depth >= BudgetLimits.MAX_DEPTH
                || (parent == null) != (depth == 0)) {
            throw new IllegalArgumentException("a session has a currency, and stands below its parent");
        }
    }

    /** The last instant that the session may live to. */
    Instant latestEnd() {
        return createdAt.plus(BudgetLimits.MAX_LIFE);
    }

    /** The first instant at which all its rows are gone, together, so that a ledger is never without its beginning. */
    Instant keptUntil() {
        return latestEnd().plus(BudgetLimits.RETENTION);
    }

    JsonObject json() {
        JsonObject.Builder json = JsonObject.builder();
        if (agent != null) {
            json.put("issuer_domain", agent.issuerDomain()).put("binding", agent.binding());
        }
        if (parent != null) {
            json.put("parent", parent.text());
        }
        return json.put("currency", currency)
                .put("depth", depth)
                .put("created_at", (double) createdAt.toEpochMilli())
                .build();
    }

    static @Nullable BudgetTerms fromJson(JsonObject json) {
        String domain = json.string("issuer_domain");
        String binding = json.string("binding");
        String currency = json.string("currency");
        Double depth = json.number("depth");
        Double createdAt = json.number("created_at");
        if (currency == null || depth == null || createdAt == null) {
            return null;
        }
        Identity agent = domain == null || binding == null ? null : new Identity(domain, binding);
        return new BudgetTerms(agent, currency, BudgetSessionId.fromText(json.string("parent")), depth.intValue(),
                Instant.ofEpochMilli(createdAt.longValue()));
    }
}
