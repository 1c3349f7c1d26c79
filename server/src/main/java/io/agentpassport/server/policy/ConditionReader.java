package io.agentpassport.server.policy;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads conditions: {path, op, value}, and lists of them. */
final class ConditionReader {

    /** What can be asked before the tool runs. */
    static final Set<FactPath.Root> OF_CALL = EnumSet.of(FactPath.Root.ARGS, FactPath.Root.AGENT, FactPath.Root.GRANT,
            FactPath.Root.SESSION, FactPath.Root.TIME, FactPath.Root.STATE, FactPath.Root.PROOF);
    /** The same, without counters. */
    static final Set<FactPath.Root> WITHOUT_STATE = EnumSet.of(FactPath.Root.ARGS, FactPath.Root.AGENT,
            FactPath.Root.GRANT, FactPath.Root.SESSION, FactPath.Root.TIME, FactPath.Root.PROOF);
    /** What can be asked of a result. */
    static final Set<FactPath.Root> OF_RESULT = EnumSet.of(FactPath.Root.RESULT);

    private static final Set<String> KEYS = Set.of("path", "op", "value");
    private static final int MAX_WORDS = 120;

    private final Problems problems;
    private final OperatorReader operators;

    ConditionReader(Problems problems) {
        this.problems = problems;
        this.operators = new OperatorReader(problems);
    }

    /** The conditions of a list; those that are wrong are left out, with their problems. */
    List<Condition> list(Members rule, String name, Set<FactPath.Root> roots) {
        List<Condition> conditions = new ArrayList<>();
        List<JsonValue> values = rule.list(name, PolicyLimits.CONDITIONS);
        for (int i = 0; i < values.size(); i++) {
            Condition condition = read(values.get(i), Pointer.to(rule.at(name), i), roots, KEYS, 1);
            if (condition != null) {
                conditions.add(condition);
            }
        }
        return conditions;
    }

    /** One condition, or null when something is wrong with it. */
    @Nullable
    Condition read(JsonValue value, String pointer, Set<FactPath.Root> roots, Set<String> keys, int depth) {
        Members members = Members.of(value, pointer, problems);
        if (members == null) {
            return null;
        }
        members.only(keys);
        if (!members.has("path")) {
            return withoutPath(members, roots, depth);
        }
        String text = members.text("path", FactPath.MAX_CHARACTERS);
        if (text == null) {
            return null;
        }
        FactPath path = FactPath.fromText(text);
        if (path == null || !roots.contains(path.root())) {
            members.wrong("path", text + " leads nowhere: a path begins with " + String.join(", ",
                    roots.stream().map(root -> root.name().toLowerCase(Locale.ROOT)).sorted().toList())
                    + ", as in args.a.b or /args/a/b");
            return null;
        }
        if (path.root() == FactPath.Root.STATE) {
            return ofCounter(members, path, depth);
        }
        ValueTest test = operators.test(members, depth);
        return test == null ? null : new Condition.At(pointer, path, test, words(members, text));
    }

    /** not and any_of may hold whole conditions, each with its own path. */
    private @Nullable Condition withoutPath(Members members, Set<FactPath.Root> roots, int depth) {
        String op = members.object.string("op");
        JsonValue value = members.get("value");
        boolean many = "any_of".equals(op) && value instanceof JsonArray array && !array.values().isEmpty()
                && array.values().size() <= PolicyLimits.CONDITIONS;
        if (value == null || !(many || "not".equals(op))) {
            problems.add(members.pointer, "lacks path");
            return null;
        }
        if (depth >= PolicyLimits.CONDITION_DEPTH) {
            members.wrong("value", "nests deeper than " + PolicyLimits.CONDITION_DEPTH);
            return null;
        }
        Set<FactPath.Root> inner = EnumSet.copyOf(roots);
        inner.remove(FactPath.Root.STATE);
        if (value instanceof JsonArray array && many) {
            List<Condition> conditions = new ArrayList<>();
            for (int i = 0; i < array.values().size(); i++) {
                Condition condition = read(array.values().get(i), Pointer.to(members.at("value"), i), inner, KEYS,
                        depth + 1);
                if (condition != null) {
                    conditions.add(condition);
                }
            }
            return conditions.isEmpty() ? null : new Condition.AnyOf(members.pointer, conditions);
        }
        Condition condition = read(value, members.at("value"), inner, KEYS, depth + 1);
        return condition == null ? null : new Condition.Not(members.pointer, condition);
    }

    private @Nullable Condition ofCounter(Members members, FactPath path, int depth) {
        if (operators.test(members, depth) == null) {
            return null;
        }
        String op = members.object.string("op");
        DecimalTest.Comparison comparison = null;
        for (DecimalTest.Comparison one : DecimalTest.Comparison.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(op)) {
                comparison = one;
            }
        }
        if (comparison == null) {
            members.wrong("op", "a counter is a number: eq, neq, in, not_in, lt, lte, gt and gte can be asked of it");
            return null;
        }
        JsonValue value = members.get("value");
        List<Decimal> bounds = new ArrayList<>();
        for (JsonValue bound : value instanceof JsonArray array ? array.values()
                : List.of(value == null
                        ? new JsonString("")
                        : value)) {
            Decimal decimal = bound instanceof JsonNumber number ? Decimal.fromNumber(number.value())
                    : bound instanceof JsonString text ? Decimal.fromText(text.value()) : null;
            if (decimal == null) {
                members.wrong("value", "must be a number, or a plain decimal text");
                return null;
            }
            bounds.add(decimal);
        }
        return new Condition.OfCounter(members.pointer, String.join(".", path.segments()),
                new DecimalTest(comparison, bounds), words(members, path.text()));
    }

    private static String words(Members members, String path) {
        JsonValue value = members.get("value");
        String text = value == null ? "" : " " + new String(Jcs.bytes(value), StandardCharsets.UTF_8);
        return path + " " + members.object.string("op")
                + (text.length() > MAX_WORDS ? text.substring(0, MAX_WORDS) + "…" : text);
    }
}
