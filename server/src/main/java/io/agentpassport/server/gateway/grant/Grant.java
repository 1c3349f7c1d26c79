package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grant: one agent may call some tools. It never changes; that it was revoked, or one above it, stands elsewhere.
 *
 * @param subject
 *            the agent
 * @param above
 *            the grants that it hangs on, the root first; empty for a root
 * @param budgetSession
 *            the budget that was made for it; null when it has none of its own
 * @param charges
 *            the budget that its calls are charged to: its own, or that of the nearest grant above; or null
 * @param createdAt
 *            in whole milliseconds
 * @param createdBy
 *            {@link GrantAuthor} as text: an admin, or the agent that delegated it
 */
public record Grant(GrantId id, Identity subject, List<GrantId> above, GrantTerms terms,
        @Nullable BudgetSessionId budgetSession, @Nullable BudgetSessionId charges, Instant createdAt,
        String createdBy) {

    /** For how long a grant that is over can still be read. */
    static final Duration RETENTION = Duration.ofDays(30);

    public Grant {
        above = List.copyOf(above);
    }

    /** The grant that it was made of, null for a root. */
    public @Nullable GrantId parent() {
        return above.isEmpty() ? null : above.get(above.size() - 1);
    }

    /** The first instant at which its row is gone. */
    Instant keptUntil() {
        return terms.expiresAt().plus(RETENTION);
    }

    /** Whether its time is over. */
    public boolean isExpiredAt(Instant now) {
        return now.isAfter(terms.expiresAt());
    }

    /** What a policy may know of it. */
    public JsonObject facts() {
        return JsonObject.builder()
                .put("id", id.text())
                .put("subject", subject.binding())
                .put("scopes", JsonArray.ofStrings(terms.scopes().stream().map(ScopePattern::scope).toList()))
                .put("depth", above.size())
                .build();
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("id", id.text())
                .put("issuer_domain", subject.issuerDomain())
                .put("binding", subject.binding())
                .put("above", JsonArray.ofStrings(above.stream().map(GrantId::text).toList()))
                .put("terms", terms.json())
                .put("budget_session", budgetSession == null ? null : budgetSession.text())
                .put("charges", charges == null ? null : charges.text())
                .put("created_at", (double) createdAt.toEpochMilli())
                .put("created_by", createdBy)
                .build();
    }

    static @Nullable Grant fromJson(JsonObject json) {
        GrantId id = GrantId.fromText(json.string("id"));
        String domain = json.string("issuer_domain");
        String binding = json.string("binding");
        List<GrantId> above = ids(json.strings("above"));
        GrantTerms terms = GrantTerms.fromJson(json.object("terms"));
        Double createdAt = json.number("created_at");
        String createdBy = json.string("created_by");
        if (id == null || domain == null || binding == null || above == null || terms == null || createdAt == null
                || createdBy == null) {
            return null;
        }
        return new Grant(id, new Identity(domain, binding), above, terms,
                BudgetSessionId.fromText(json.string("budget_session")),
                BudgetSessionId.fromText(json.string("charges")), Instant.ofEpochMilli(createdAt.longValue()),
                createdBy);
    }

    static @Nullable List<GrantId> ids(@Nullable List<String> texts) {
        List<GrantId> ids = new ArrayList<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            GrantId id = GrantId.fromText(text);
            if (id == null) {
                return null;
            }
            ids.add(id);
        }
        return texts == null ? null : ids;
    }
}
