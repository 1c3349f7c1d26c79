package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grant gives.
 *
 * @param tools
 *            1 to {@link #MAX_PATTERNS}
 * @param scopes
 *            at most {@link #MAX_PATTERNS}; without any it covers only calls that need none
 * @param policy
 *            the id of the policy that judges calls; only a delegated grant may have none of its own
 * @param limits
 *            limits as a policy document writes them, at most {@link #MAX_LIMITS}
 * @param budget
 *            what may be spent in all, or null
 * @param expiresAt
 *            the last instant at which it stands, in whole milliseconds
 * @param delegationDepth
 *            how many more grants may stand below it, one below the other; 0 to {@link #MAX_DEPTH} - 1
 * @param settlesBelow
 *            whether the agent may settle a call that it ran itself below what was reserved
 */
public record GrantTerms(List<ToolPattern> tools, List<ScopePattern> scopes, @Nullable String policy, JsonArray limits,
        @Nullable Money budget, Instant expiresAt, int delegationDepth, boolean settlesBelow) {

    /** The most patterns of tools, and of scopes. */
    public static final int MAX_PATTERNS = 64;

    /** The most limits of a grant's own. */
    public static final int MAX_LIMITS = 16;

    /** How many grants may stand one below the other, the root included. */
    public static final int MAX_DEPTH = 8;

    /** The longest life of a grant. */
    public static final Duration MAX_LIFE = Duration.ofDays(366);

    /** The longest id of a policy. */
    public static final int MAX_POLICY_ID_CHARACTERS = 64;

    public GrantTerms {
        tools = List.copyOf(tools);
        scopes = List.copyOf(scopes);
    }

    /**
     * What is wrong with what was asked for.
     *
     * @param field
     *            its name in the contract, such as {@code tools[0]}
     * @param problem
     *            to be read after it: {@code must be ...}
     */
    public record Fault(String field, String problem) {}

    /** What is wrong with them whatever they stand below, or null. */
    public @Nullable Fault fault(Instant now) {
        if (tools.isEmpty() || tools.size() > MAX_PATTERNS) {
            return new Fault("tools", "must hold 1 to " + MAX_PATTERNS + " patterns");
        }
        if (scopes.size() > MAX_PATTERNS) {
            return new Fault("scopes", "must hold at most " + MAX_PATTERNS + " scopes");
        }
        if (limits.values().size() > MAX_LIMITS) {
            return new Fault("limits_json", "must hold at most " + MAX_LIMITS + " limits");
        }
        Money money = budget;
        if (money != null && money.amount().sign() <= 0) {
            return new Fault("budget", "must be more than nothing");
        }
        if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(MAX_LIFE))) {
            return new Fault("expires_at", "must be in the future, and at most 366 days away");
        }
        return delegationDepth < 0 || delegationDepth >= MAX_DEPTH
                ? new Fault("delegation_depth", "must be 0 to " + (MAX_DEPTH - 1))
                : null;
    }

    /** Where these give more than a grant above them, or null when they do not. */
    public @Nullable Fault wider(GrantTerms above) {
        if (above.delegationDepth == 0) {
            return new Fault("can_delegate", "is not what the grant above allows: it cannot be delegated");
        }
        for (int i = 0; i < tools.size(); i++) {
            ToolPattern tool = tools.get(i);
            if (above.tools.stream().noneMatch(pattern -> pattern.covers(tool))) {
                return new Fault("tools[" + i + "]",
                        "must not give " + tool + ", which the grant above does not give");
            }
        }
        for (int i = 0; i < scopes.size(); i++) {
            ScopePattern scope = scopes.get(i);
            if (above.scopes.stream().noneMatch(pattern -> pattern.covers(scope.scope()))) {
                return new Fault("scopes[" + i + "]",
                        "must not cover " + scope + ", which the grant above does not cover");
            }
        }
        if (expiresAt.isAfter(above.expiresAt)) {
            return new Fault("expires_at", "must not be after that of the grant above, " + above.expiresAt);
        }
        if (delegationDepth >= above.delegationDepth) {
            return new Fault("delegation_depth", "must be less than that of the grant above, " + above.delegationDepth);
        }
        if (settlesBelow && !above.settlesBelow) {
            return new Fault("settles_below_reserve", "must not be set, since the grant above does not have it");
        }
        return GrantLimits.wider(limits, above.limits);
    }

    JsonObject json() {
        Money money = budget;
        return JsonObject.builder()
                .put("tools", tools.stream().map(ToolPattern::text).toList())
                .put("scopes", scopes.stream().map(ScopePattern::scope).toList())
                .put("policy", policy)
                .put("limits", limits)
                .put("budget", money == null ? JsonNull.NULL : money.json())
                .put("expires_at", (double) expiresAt.toEpochMilli())
                .put("can_delegate", delegationDepth)
                .put("settles_below", JsonBoolean.of(settlesBelow))
                .build();
    }

    static @Nullable GrantTerms fromJson(@Nullable JsonObject json) {
        if (json == null || !(json.get("limits") instanceof JsonArray limits)) {
            return null;
        }
        List<ToolPattern> tools = patterns(json.strings("tools"));
        List<ScopePattern> scopes = scopes(json.strings("scopes"));
        JsonObject money = json.object("budget");
        Money budget = money == null ? null : Money.fromJson(money);
        Double expiresAt = json.number("expires_at");
        Double delegationDepth = json.number("can_delegate");
        JsonValue settlesBelow = json.get("settles_below");
        if (tools == null || scopes == null || expiresAt == null || delegationDepth == null || settlesBelow == null
                || (budget == null && money != null)) {
            return null;
        }
        return new GrantTerms(tools, scopes, json.string("policy"), limits, budget,
                Instant.ofEpochMilli(expiresAt.longValue()), delegationDepth.intValue(),
                settlesBelow.equals(JsonBoolean.TRUE));
    }

    /** The patterns of those texts, or null when one of them is none. */
    public static @Nullable List<ToolPattern> patterns(@Nullable List<String> texts) {
        List<ToolPattern> patterns = new ArrayList<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            ToolPattern pattern = ToolPattern.fromText(text);
            if (pattern == null) {
                return null;
            }
            patterns.add(pattern);
        }
        return texts == null ? null : patterns;
    }

    /** The scopes of those texts, or null when one of them is none. */
    public static @Nullable List<ScopePattern> scopes(@Nullable List<String> texts) {
        List<ScopePattern> scopes = new ArrayList<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            ScopePattern scope = ScopePattern.fromText(text);
            if (scope == null) {
                return null;
            }
            scopes.add(scope);
        }
        return texts == null ? null : scopes;
    }
}
