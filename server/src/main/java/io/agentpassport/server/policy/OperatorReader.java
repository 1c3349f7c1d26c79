package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.config.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what an operator is given, and makes the test. */
final class OperatorReader {

    static final Set<String> OPERATORS = Set.of("eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex",
            "contains", "exists", "starts_with", "ends_with", "glob", "cidr", "host_in", "len_lte", "type", "any",
            "all",
            "not", "any_of");
    private static final Set<String> INNER_KEYS = Set.of("path", "op", "value");

    private final Problems problems;

    OperatorReader(Problems problems) {
        this.problems = problems;
    }

    /** The test of the members op and value, or null when something is wrong with them. */
    @Nullable
    ValueTest test(Members condition, int depth) {
        String op = condition.text("op", PolicyLimits.NAME_CHARACTERS);
        if (op == null) {
            if (!condition.has("op")) {
                condition.problems.add(condition.pointer, "lacks op");
            }
            return null;
        }
        if (!OPERATORS.contains(op)) {
            condition.wrong("op",
                    "is no operator; there are " + String.join(", ", OPERATORS.stream().sorted().toList()));
            return null;
        }
        JsonValue value = condition.get("value");
        if (value == null) {
            if (op.equals("exists")) {
                return new ValueTest.Exists(true);
            }
            condition.problems.add(condition.pointer, "lacks value");
            return null;
        }
        return exact(value, condition.at("value")) ? test(op, value, condition.at("value"), depth) : null;
    }

    private @Nullable ValueTest test(String op, JsonValue value, String at, int depth) {
        return switch (op) {
            case "eq", "neq" -> new ValueTest.Equal(value, op.equals("neq"));
            case "in", "not_in" -> {
                List<JsonValue> values = values(value, at);
                yield values == null ? null : ValueTest.Among.of(values, op.equals("not_in"));
            }
            case "lt", "lte", "gt", "gte" -> order(ValueTest.Order.valueOf(op.toUpperCase(Locale.ROOT)), value, at);
            case "regex" -> pattern(LinearPattern.compile(text(value, at)), at);
            case "glob" -> pattern(LinearPattern.glob(text(value, at)), at);
            case "contains" -> new ValueTest.Contains(value);
            case "exists" -> {
                if (!(value instanceof JsonBoolean wanted)) {
                    problems.add(at, "must be true or false");
                    yield null;
                }
                yield new ValueTest.Exists(wanted.value());
            }
            case "starts_with", "ends_with" -> new ValueTest.Edge(text(value, at), op.equals("starts_with"));
            case "cidr" -> networks(value, at);
            case "host_in" -> hosts(value, at);
            case "len_lte" -> {
                if (!(value instanceof JsonNumber number) || !number.isInteger() || number.value() < 0
                        || number.value() > Integer.MAX_VALUE) {
                    problems.add(at, "must be a whole number that is not negative");
                    yield null;
                }
                yield new ValueTest.Length((int) number.value());
            }
            case "type" -> type(value, at);
            case "any", "all" -> {
                ValueTest inner = inner(value, at, depth);
                yield inner == null ? null : new ValueTest.Elements(inner, op.equals("all"));
            }
            case "not" -> {
                ValueTest inner = inner(value, at, depth);
                yield inner == null ? null : new ValueTest.Not(inner);
            }
            default -> anyOf(value, at, depth);
        };
    }

    /** A test of a part of the value, or of all of it: {path?, op, value}. */
    private @Nullable ValueTest inner(JsonValue value, String at, int depth) {
        if (depth >= PolicyLimits.CONDITION_DEPTH) {
            problems.add(at, "nests deeper than " + PolicyLimits.CONDITION_DEPTH);
            return null;
        }
        Members members = Members.of(value, at, problems);
        if (members == null) {
            return null;
        }
        members.only(INNER_KEYS);
        ValueTest test = test(members, depth + 1);
        FactPath path = null;
        if (members.has("path")) {
            String text = members.text("path", FactPath.MAX_CHARACTERS);
            path = text == null ? null : FactPath.within(text);
            if (text != null && path == null) {
                members.wrong("path", "must be a place within the value, such as a.b or /a/b");
            }
        }
        return test == null || path == null ? test : new ValueTest.Inner(path, test);
    }

    private @Nullable ValueTest anyOf(JsonValue value, String at, int depth) {
        List<JsonValue> values = values(value, at);
        if (values == null) {
            return null;
        }
        List<ValueTest> tests = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            ValueTest test = inner(values.get(i), Pointer.to(at, i), depth);
            if (test != null) {
                tests.add(test);
            }
        }
        return tests.isEmpty() ? null : new ValueTest.AnyOf(tests);
    }

    private @Nullable ValueTest order(ValueTest.Order order, JsonValue value, String at) {
        if (value instanceof JsonString text) {
            return new ValueTest.TextOrder(order, text.value());
        }
        Decimal exact = value instanceof JsonNumber number ? Decimal.fromNumber(number.value()) : null;
        if (exact == null || !(value instanceof JsonNumber number)) {
            problems.add(at, "must be a number with at most 18 digits on either side of the point, or a text");
            return null;
        }
        return new ValueTest.NumberOrder(order, number.value(), exact);
    }

    private @Nullable ValueTest pattern(LinearPattern.Outcome outcome, String at) {
        return switch (outcome) {
            case LinearPattern.Compiled compiled -> new ValueTest.Matches(compiled.pattern());
            case LinearPattern.Bad bad -> {
                problems.add(at, bad.problem());
                yield null;
            }
        };
    }

    private @Nullable ValueTest networks(JsonValue value, String at) {
        List<AddressRange> networks = new ArrayList<>();
        for (String text : texts(value, at)) {
            AddressRange network = AddressRange.fromText(text);
            if (network == null) {
                problems.add(at, text + " " + AddressRange.problem(text));
                return null;
            }
            networks.add(network);
        }
        return networks.isEmpty() ? null : new ValueTest.InNetwork(networks);
    }

    private @Nullable ValueTest hosts(JsonValue value, String at) {
        List<String> hosts = texts(value, at);
        for (String host : hosts) {
            if (!HostName.isPattern(host)) {
                problems.add(at, host + " is no host in lower case, or *. and a domain");
                return null;
            }
        }
        return hosts.isEmpty() ? null : new ValueTest.HostAmong(hosts);
    }

    private @Nullable ValueTest type(JsonValue value, String at) {
        if (value instanceof JsonString text) {
            for (ValueTest.Type.Kind kind : ValueTest.Type.Kind.values()) {
                if (kind.name().toLowerCase(Locale.ROOT).equals(text.value())) {
                    return new ValueTest.Type(kind);
                }
            }
        }
        problems.add(at, "must be string, number, integer, boolean, array, object or null");
        return null;
    }

    private @Nullable List<JsonValue> values(JsonValue value, String at) {
        if (value instanceof JsonArray array && !array.values().isEmpty()
                && array.values().size() <= PolicyLimits.VALUES) {
            return array.values();
        }
        problems.add(at, "must be a list of 1 to " + PolicyLimits.VALUES);
        return null;
    }

    /** One text, or a list of them; empty when something else is there. */
    private List<String> texts(JsonValue value, String at) {
        if (value instanceof JsonString text) {
            return List.of(text.value());
        }
        List<String> texts = value instanceof JsonArray array ? array.strings() : null;
        if (texts == null || texts.isEmpty() || texts.size() > PolicyLimits.VALUES) {
            problems.add(at, "must be a text, or a list of 1 to " + PolicyLimits.VALUES + " texts");
            return List.of();
        }
        return texts;
    }

    private String text(JsonValue value, String at) {
        if (value instanceof JsonString text && !text.value().isEmpty()) {
            return text.value();
        }
        problems.add(at, "must be a text that is not empty");
        return "never";
    }

    /** Whole numbers beyond 2^53 have already lost digits when they are read. */
    private boolean exact(JsonValue value, String at) {
        boolean exact = true;
        switch (value) {
            case JsonNumber number when number.isInteger() && !number.isSafeInteger() -> {
                problems.add(at, "is a whole number beyond 2^53 - 1, which readers take for different ones");
                exact = false;
            }
            case JsonArray array -> {
                for (int i = 0; i < array.values().size(); i++) {
                    exact &= exact(array.values().get(i), Pointer.to(at, i));
                }
            }
            case JsonObject object -> {
                for (int i = 0; i < object.size(); i++) {
                    exact &= exact(object.value(i), Pointer.to(at, object.name(i)));
                }
            }
            default -> {
                // Nothing to lose.
            }
        }
        return exact;
    }
}
