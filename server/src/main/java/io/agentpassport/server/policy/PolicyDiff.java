package io.agentpassport.server.policy;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.policy.PolicyChange.Effect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in words how two documents differ. */
public final class PolicyDiff {

    /** The most changes that are told. */
    public static final int MAX_CHANGES = 1_000;

    private static final int MAX_VALUE_CHARACTERS = 120;
    /** What each key of an entry is called. */
    private static final Map<String, String> WORDS = Map.ofEntries(Map.entry("require", "a requirement"),
            Map.entry("deny_if", "a denial"), Map.entry("rules", "a rule"), Map.entry("limits", "a limit"),
            Map.entry("rate_limit", "the rate limit"), Map.entry("args_schema", "the schema of its arguments"),
            Map.entry("schedule", "the schedule"), Map.entry("require_approval", "the approval"),
            Map.entry("response", "what its results must pass"), Map.entry("price", "the price"),
            Map.entry("timeout", "the timeout"), Map.entry("description", "the description"),
            Map.entry("reason", "the reason"), Map.entry("action", "the action"));
    /** The keys that let fewer calls pass when they are there. */
    private static final Set<String> RESTRICTS = Set.of("require", "deny_if", "rules", "limits", "rate_limit",
            "args_schema", "schedule", "require_approval", "response");

    private final PolicyDocument from;
    private final PolicyDocument to;
    private final List<PolicyChange> changes = new ArrayList<>();

    private PolicyDiff(PolicyDocument from, PolicyDocument to) {
        this.from = from;
        this.to = to;
    }

    /** The differences, by place, at most {@link #MAX_CHANGES}; none when the two say the same. */
    public static List<PolicyChange> between(PolicyDocument from, PolicyDocument to) {
        var diff = new PolicyDiff(from, to);
        diff.documents();
        return List.copyOf(diff.changes.subList(0, Math.min(MAX_CHANGES, diff.changes.size())));
    }

    private void documents() {
        JsonObject one = from.source();
        JsonObject other = to.source();
        word("/default", one.string("default"), other.string("default"), "deny", "tools that are not named are ");
        word("/mode", one.string("mode"), other.string("mode"), "enforce", "the mode is ");
        List<JsonValue> before = list(one.get("hide"));
        List<JsonValue> after = list(other.get("hide"));
        for (int i = 0; i < before.size(); i++) {
            if (!after.contains(before.get(i))) {
                add("/hide/" + i, text(before.get(i)) + " is no longer hidden", Effect.LOOSER);
            }
        }
        for (int i = 0; i < after.size(); i++) {
            if (!before.contains(after.get(i))) {
                add("/hide/" + i, text(after.get(i)) + " is hidden", Effect.STRICTER);
            }
        }
        entry("/all_tools", "all tools", object(one, "all_tools"), object(other, "all_tools"));
        JsonObject oldTools = object(one, "tools");
        JsonObject newTools = object(other, "tools");
        for (String tool : names(oldTools, newTools)) {
            String at = Pointer.to("/tools", tool);
            if (!newTools.has(tool)) {
                add(at, tool + " is no longer named", named(from, to, tool, false));
            } else if (!oldTools.has(tool)) {
                add(at, tool + " is named now", named(to, from, tool, true));
            } else {
                entry(at, tool, object(oldTools, tool), object(newTools, tool));
            }
        }
        if (!Objects.equals(one.get("tests"), other.get("tests"))) {
            add("/tests", "the tests are others", Effect.OTHER);
        }
    }

    /** What it means that one document names a tool and the other does not. */
    private static Effect named(PolicyDocument naming, PolicyDocument silent, String tool, boolean added) {
        boolean deniesRest = !"allow".equals(silent.source().string("default"));
        ToolRules rules = tool.equals("*") ? null : naming.rulesOf(tool);
        if (rules == null) {
            return added ? Effect.STRICTER : Effect.LOOSER;
        }
        if (deniesRest) {
            return rules.deniesAlways() ? Effect.OTHER : added ? Effect.LOOSER : Effect.STRICTER;
        }
        return added ? Effect.STRICTER : Effect.LOOSER;
    }

    private void entry(String at, String tool, JsonObject one, JsonObject other) {
        for (String key : names(one, other)) {
            JsonValue before = one.get(key);
            JsonValue after = other.get(key);
            if (Objects.equals(before, after)) {
                continue;
            }
            String place = Pointer.to(at, key);
            String what = tool + ": " + WORDS.getOrDefault(key, key);
            if (before instanceof JsonArray || after instanceof JsonArray) {
                elements(place, what, list(before), list(after), key);
            } else if (key.equals("action")) {
                word(place, one.string("action"), other.string("action"), "allow", tool + ": its calls are ");
            } else if (key.equals("rate_limit") && before != null && after != null) {
                limit(place, what, before, after);
            } else {
                boolean restricts = RESTRICTS.contains(key);
                add(place, after == null ? what + " is gone" + was(before)
                        : before == null ? what + " is new: " + text(after)
                                : what + " is " + text(after) + ", and was " + text(before),
                        !restricts || (before != null && after != null) ? Effect.OTHER
                                : before == null ? Effect.STRICTER : Effect.LOOSER);
            }
        }
    }

    private void elements(String at, String what, List<JsonValue> before, List<JsonValue> after, String key) {
        List<JsonValue> gone = new ArrayList<>(before);
        gone.removeAll(after);
        if (gone.isEmpty() && before.containsAll(after)) {
            add(at, what + " stands in another order", Effect.OTHER);
        }
        for (int i = 0; i < after.size(); i++) {
            JsonValue now = after.get(i);
            if (before.contains(now)) {
                continue;
            }
            JsonValue was = key.equals("limits") ? sameCounter(gone, now) : null;
            if (was != null) {
                gone.remove(was);
                limit(Pointer.to(at, i), what, was, now);
            } else {
                add(Pointer.to(at, i), what + " is new: " + text(now),
                        RESTRICTS.contains(key) ? Effect.STRICTER : Effect.OTHER);
            }
        }
        for (JsonValue was : gone) {
            add(Pointer.to(at, before.indexOf(was)), what + " is gone: " + text(was),
                    RESTRICTS.contains(key) ? Effect.LOOSER : Effect.OTHER);
        }
    }

    /** A limit whose counter and window stayed: what became of its maximum. */
    private void limit(String at, String what, JsonValue before, JsonValue after) {
        Effect effect = Effect.OTHER;
        if (before instanceof JsonObject one && after instanceof JsonObject other
                && one.without("max").equals(other.without("max"))) {
            var most = Cost.exact(one.get("max"), 18);
            var now = Cost.exact(other.get("max"), 18);
            if (most != null && now != null) {
                effect = now.compareTo(most) > 0 ? Effect.LOOSER : Effect.STRICTER;
                add(Pointer.to(at, "max"), what + " lets " + now + " through, and was " + most, effect);
                return;
            }
        }
        add(at, what + " is " + text(after) + ", and was " + text(before), effect);
    }

    private static @Nullable JsonValue sameCounter(List<JsonValue> limits, JsonValue wanted) {
        for (JsonValue limit : limits) {
            if (limit instanceof JsonObject one && wanted instanceof JsonObject other
                    && Objects.equals(one.get("counter"), other.get("counter"))
                    && Objects.equals(one.get("window"), other.get("window"))) {
                return limit;
            }
        }
        return null;
    }

    /** A word of a few, from the strictest to the loosest. */
    private void word(String at, @Nullable String one, @Nullable String other, String usual, String what) {
        String before = Objects.requireNonNullElse(one, usual);
        String after = Objects.requireNonNullElse(other, usual);
        if (!before.equals(after)) {
            List<String> looser = List.of("deny", "require_approval", "enforce", "allow", "shadow");
            add(at, what + after + ", and was " + before,
                    looser.indexOf(after) > looser.indexOf(before) ? Effect.LOOSER : Effect.STRICTER);
        }
    }

    private void add(String pointer, String message, Effect effect) {
        changes.add(new PolicyChange(pointer, message, effect));
    }

    private static String was(@Nullable JsonValue value) {
        return value == null ? "" : ", and was " + text(value);
    }

    private static Set<String> names(JsonObject one, JsonObject other) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < one.size(); i++) {
            names.add(one.name(i));
        }
        for (int i = 0; i < other.size(); i++) {
            names.add(other.name(i));
        }
        return names;
    }

    private static JsonObject object(JsonObject parent, String name) {
        return Objects.requireNonNullElse(parent.object(name), JsonObject.EMPTY);
    }

    private static List<JsonValue> list(@Nullable JsonValue value) {
        return value instanceof JsonArray array ? array.values()
                : value == null || value == JsonNull.NULL ? List.of()
                        : List.of(value);
    }

    private static String text(JsonValue value) {
        String text = new String(Jcs.bytes(value), StandardCharsets.UTF_8);
        return text.length() > MAX_VALUE_CHARACTERS ? text.substring(0, MAX_VALUE_CHARACTERS) + "…" : text;
    }
}
