package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads limits, in the forms of all three dialects. */
final class LimitReader {

    private static final Set<String> KEYS = Set.of("counter", "window", "max", "scope", "per", "algorithm", "cost",
            "on_error");
    private static final Set<String> COST_KEYS = Set.of("from", "scale");
    private static final Set<String> RATE_KEYS = Set.of("max", "window");
    private static final Set<String> STATE_KEYS = Set.of("counter", "window", "increment", "increment_from");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,9})/([a-z0-9]{1,10})");
    private static final Cost ONE = new Cost.Fixed(Decimal.ONE);

    private final Problems problems;

    LimitReader(Problems problems) {
        this.problems = problems;
    }

    /** {@code limits}: [{counter, window, max, ...}]. */
    List<LimitRule> list(Members entry) {
        List<LimitRule> limits = new ArrayList<>();
        List<JsonValue> values = entry.list("limits", PolicyLimits.LIMITS);
        for (int i = 0; i < values.size(); i++) {
            Members limit = Members.of(values.get(i), Pointer.to(entry.at("limits"), i), problems);
            LimitRule rule = limit == null ? null : limit(limit);
            if (rule != null) {
                limits.add(rule);
            }
        }
        return limits;
    }

    private @Nullable LimitRule limit(Members limit) {
        limit.only(KEYS);
        String counter = counter(limit);
        Window window = window(limit, "window", true);
        Decimal max = max(limit);
        LimitScope scope = LimitScope.GRANT;
        if (limit.has("scope")) {
            scope = LimitScope.fromText(String.valueOf(limit.object.string("scope")));
            if (scope == null) {
                limit.wrong("scope", "must be grant, agent, principal, session, tool, upstream or global");
            }
        }
        LimitAlgorithm algorithm = LimitAlgorithm.FIXED;
        if (limit.has("algorithm")) {
            algorithm = LimitAlgorithm.fromText(String.valueOf(limit.object.string("algorithm")));
            if (algorithm == null) {
                limit.wrong("algorithm", "must be fixed, sliding or token_bucket");
            } else if (algorithm != LimitAlgorithm.FIXED && window != null
                    && window.kind() != Window.Kind.SECONDS) {
                limit.wrong("algorithm", algorithm.text() + " needs a window of a fixed length, not " + window);
                return null;
            }
        }
        FactPath per = limit.has("per") ? path(limit, "per") : null;
        Cost cost = limit.has("cost") ? cost(limit) : ONE;
        OnError onError = onError(limit, window);
        if (counter == null || window == null || max == null || scope == null || algorithm == null || cost == null) {
            return null;
        }
        return new LimitRule(limit.pointer, counter, window, max, scope, per, algorithm, cost, onError);
    }

    /** {@code rate_limit: {max, window}}, window in seconds, counted per session. */
    @Nullable
    LimitRule shortRate(Members entry, String tool) {
        Members rate = Members.of(entry.get("rate_limit"), entry.at("rate_limit"), problems);
        if (rate == null) {
            return null;
        }
        rate.only(RATE_KEYS);
        Decimal max = max(rate);
        if (!rate.has("window")) {
            problems.add(rate.pointer, "lacks window");
        }
        long seconds = rate.seconds("window", Window.MAX_SECONDS);
        return max == null || seconds < 1 ? null
                : new LimitRule(rate.pointer, tool + ".rate_limit", Window.ofSeconds(seconds), max, LimitScope.SESSION,
                        null, LimitAlgorithm.FIXED, ONE, OnError.KEEP);
    }

    /** {@code rate_limit: "5/hour"}, counted per grant. */
    @Nullable
    LimitRule textRate(Members rule, String tool, @Nullable String name) {
        String text = rule.get("rate_limit") instanceof JsonString string ? string.value() : "";
        Matcher matcher = RATE.matcher(text);
        Window window = !matcher.matches() ? null
                : matcher.group(2).equals("second") ? Window.ofSeconds(1) : Window.fromText(matcher.group(2));
        if (window == null || !window.isTimed()) {
            rule.wrong("rate_limit", "must be a number and a window, such as 5/hour or 100/15m");
            return null;
        }
        String counter = tool + ".rate_limit" + (name == null ? "" : ":" + name);
        return new LimitRule(rule.at("rate_limit"), counter, window, Decimal.of(Long.parseLong(matcher.group(1))),
                LimitScope.GRANT, null, LimitAlgorithm.FIXED, ONE, OnError.KEEP);
    }

    /** {@code state: {counter, window, increment, increment_from}}, a counter without a maximum, per grant. */
    @Nullable
    LimitRule state(Members rule, String tool) {
        Members state = Members.of(rule.get("state"), rule.at("state"), problems);
        if (state == null) {
            return null;
        }
        state.only(STATE_KEYS);
        String counter = counter(state);
        Window window = window(state, "window", true);
        if (state.has("increment") && state.has("increment_from")) {
            state.wrong("increment", "stands beside increment_from: one of them counts");
        }
        Cost cost = ONE;
        if (state.has("increment")) {
            Decimal by = state.decimal("increment");
            cost = by == null ? ONE : new Cost.Fixed(by);
        } else if (state.has("increment_from")) {
            FactPath from = path(state, "increment_from");
            cost = from == null ? ONE : new Cost.From(from, Decimal.MAX_FRACTION_DIGITS);
        }
        return counter == null || window == null ? null
                : new LimitRule(state.pointer, tool + "." + counter, window, null, LimitScope.GRANT, null,
                        LimitAlgorithm.FIXED, cost, OnError.KEEP);
    }

    private @Nullable String counter(Members limit) {
        String counter = limit.text("counter", PolicyLimits.NAME_CHARACTERS);
        if (!limit.has("counter")) {
            problems.add(limit.pointer, "lacks counter");
        } else if (counter != null && !NAME.matcher(counter).matches()) {
            limit.wrong("counter", "must be 1 to 128 of A-Z a-z 0-9 _ . : -");
            return null;
        }
        return counter;
    }

    private @Nullable Window window(Members limit, String name, boolean required) {
        if (!limit.has(name)) {
            if (required) {
                problems.add(limit.pointer, "lacks " + name);
            }
            return null;
        }
        Window window = limit.get(name) instanceof JsonString text ? Window.fromText(text.value()) : null;
        if (window == null) {
            limit.wrong(name, "must be minute, hour, day, month, total, inflight, or a length such as 90s or 15m");
        }
        return window;
    }

    private @Nullable Decimal max(Members limit) {
        if (!limit.has("max")) {
            problems.add(limit.pointer, "lacks max");
        }
        return limit.decimal("max");
    }

    private @Nullable Cost cost(Members limit) {
        if (!(limit.get("cost") instanceof JsonObject object)) {
            Decimal fixed = limit.decimal("cost");
            return fixed == null ? null : new Cost.Fixed(fixed);
        }
        var cost = new Members(object, limit.at("cost"), problems);
        cost.only(COST_KEYS);
        FactPath from = cost.has("from") ? path(cost, "from") : null;
        if (!cost.has("from")) {
            problems.add(cost.pointer, "lacks from");
        }
        int scale = cost.integer("scale", Decimal.MAX_FRACTION_DIGITS, 0, Decimal.MAX_FRACTION_DIGITS);
        return from == null ? null : new Cost.From(from, scale);
    }

    private OnError onError(Members limit, @Nullable Window window) {
        JsonValue value = limit.get("on_error");
        if (value == null) {
            return OnError.KEEP;
        }
        String text = limit.object.string("on_error");
        if (!"keep".equals(text) && !"refund".equals(text)) {
            limit.wrong("on_error", "must be keep or refund");
        } else if (window != null && window.equals(Window.INFLIGHT)) {
            limit.wrong("on_error", "says nothing here: what is in flight is always given back");
        }
        return "refund".equals(text) ? OnError.REFUND : OnError.KEEP;
    }

    /** A path into the call, or null with a problem. */
    private @Nullable FactPath path(Members members, String name) {
        String text = members.text(name, FactPath.MAX_CHARACTERS);
        FactPath path = text == null ? null : FactPath.fromText(text);
        if (text != null && (path == null || !ConditionReader.WITHOUT_STATE.contains(path.root()))) {
            members.wrong(name, text + " is no path into the call, such as args.amount");
            return null;
        }
        return path;
    }
}
