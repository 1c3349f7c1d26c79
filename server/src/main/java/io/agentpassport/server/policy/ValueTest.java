package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.config.AddressRange;
import java.util.List;
import java.util.Set;

/** What an operator asks of a value that is there. Compiled when the document is read. */
sealed interface ValueTest {

    /** Whether the value passes. */
    Truth test(JsonValue value);

    /** Numbers are alike by value, whatever their text was; of everything else JSON's own likeness. */
    record Equal(JsonValue to, boolean negated) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return Truth.of(alike(to, value) != negated);
        }

        static boolean alike(JsonValue one, JsonValue other) {
            return switch (one) {
                // Not the record's equals: 0 and -0 are one number.
                case JsonNumber a -> other instanceof JsonNumber b && a.value() == b.value();
                case JsonArray a -> other instanceof JsonArray b && alike(a.values(), b.values());
                case JsonObject a -> other instanceof JsonObject b && alike(a, b);
                default -> one.equals(other);
            };
        }

        private static boolean alike(List<JsonValue> some, List<JsonValue> others) {
            for (int i = 0; i < some.size(); i++) {
                if (i == others.size() || !alike(some.get(i), others.get(i))) {
                    return false;
                }
            }
            return some.size() == others.size();
        }

        private static boolean alike(JsonObject one, JsonObject other) {
            for (int i = 0; i < one.size(); i++) {
                JsonValue member = other.get(one.name(i));
                if (member == null || !alike(one.value(i), member)) {
                    return false;
                }
            }
            return one.size() == other.size();
        }
    }

    /** Any of a list. */
    record Among(Set<JsonValue> values, boolean negated) implements ValueTest {

        static Among of(List<JsonValue> values, boolean negated) {
            return new Among(Set.copyOf(values.stream().map(Among::normal).toList()), negated);
        }

        @Override
        public Truth test(JsonValue value) {
            return Truth.of(values.contains(normal(value)) != negated);
        }

        /** The one value that stands for all that are alike, see {@link Equal#alike}. */
        private static JsonValue normal(JsonValue value) {
            return switch (value) {
                case JsonNumber number -> number.value() == 0 ? new JsonNumber(0) : number;
                case JsonArray array -> new JsonArray(array.values().stream().map(Among::normal).toList());
                case JsonObject object -> {
                    JsonObject.Builder members = JsonObject.builder();
                    for (int i = 0; i < object.size(); i++) {
                        members.put(object.name(i), normal(object.value(i)));
                    }
                    yield members.build();
                }
                default -> value;
            };
        }
    }

    /** Which way two values are ordered. */
    enum Order {
        LT, LTE, GT, GTE;

        boolean admits(int comparison) {
            return switch (this) {
                case LT -> comparison < 0;
                case LTE -> comparison <= 0;
                case GT -> comparison > 0;
                case GTE -> comparison >= 0;
            };
        }
    }

    /**
     * Against a number. The texts of two numbers are ordered as their binary64 values are, so those are compared; a plain
     * decimal text is compared exactly.
     */
    record NumberOrder(Order order, double number, Decimal exact) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            if (value instanceof JsonNumber other) {
                return Truth.of(order.admits(other.value() == number ? 0 : Double.compare(other.value(), number)));
            }
            Decimal decimal = value instanceof JsonString text ? Decimal.fromText(text.value()) : null;
            return decimal == null ? Truth.UNKNOWN : Truth.of(order.admits(decimal.compareTo(exact)));
        }
    }

    /** Against a text, by code unit: what dates in ISO form are made for. */
    record TextOrder(Order order, String text) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return value instanceof JsonString other ? Truth.of(order.admits(other.value().compareTo(text)))
                    : Truth.UNKNOWN;
        }
    }

    /** A text in a text, or a value in an array. */
    record Contains(JsonValue wanted) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            if (value instanceof JsonArray array) {
                for (JsonValue element : array.values()) {
                    if (Equal.alike(wanted, element)) {
                        return Truth.HOLDS;
                    }
                }
                return Truth.FAILS;
            }
            return value instanceof JsonString text && wanted instanceof JsonString part
                    ? Truth.of(text.value().contains(part.value()))
                    : Truth.UNKNOWN;
        }
    }

    /** The beginning or the end of a text. */
    record Edge(String edge, boolean start) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return value instanceof JsonString text
                    ? Truth.of(start ? text.value().startsWith(edge) : text.value().endsWith(edge))
                    : Truth.UNKNOWN;
        }
    }

    /** A linear-time pattern; it need only match a part. */
    record Matches(LinearPattern pattern) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return value instanceof JsonString text ? pattern.find(text.value()) : Truth.UNKNOWN;
        }
    }

    /** So many characters, elements or members at most. */
    record Length(int most) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return switch (value) {
                case JsonString text -> Truth.of(text.value().codePointCount(0, text.value().length()) <= most);
                case JsonArray array -> Truth.of(array.values().size() <= most);
                case JsonObject object -> Truth.of(object.size() <= most);
                default -> Truth.UNKNOWN;
            };
        }
    }

    /** What kind of value it is. */
    record Type(Kind kind) implements ValueTest {

        /** The kinds, by the words of JSON Schema. */
        enum Kind {
            STRING, NUMBER, INTEGER, BOOLEAN, ARRAY, OBJECT, NULL
        }

        @Override
        public Truth test(JsonValue value) {
            return Truth.of(switch (kind) {
                case STRING -> value instanceof JsonString;
                case NUMBER -> value instanceof JsonNumber;
                case INTEGER -> value instanceof JsonNumber number && number.isInteger();
                case BOOLEAN -> value instanceof JsonBoolean;
                case ARRAY -> value instanceof JsonArray;
                case OBJECT -> value instanceof JsonObject;
                case NULL -> value == JsonNull.NULL;
            });
        }
    }

    /** An address within one of the networks. */
    record InNetwork(List<AddressRange> networks) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            byte[] address = value instanceof JsonString text ? AddressRange.address(text.value()) : null;
            if (address == null) {
                return Truth.UNKNOWN;
            }
            for (AddressRange network : networks) {
                if (network.contains(address)) {
                    return Truth.HOLDS;
                }
            }
            return Truth.FAILS;
        }
    }

    /** A host, or the host of a URL, that one of the patterns names. */
    record HostAmong(List<String> patterns) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            String host = value instanceof JsonString text ? HostName.of(text.value()) : null;
            if (host == null) {
                return Truth.UNKNOWN;
            }
            for (String pattern : patterns) {
                if (HostName.matches(pattern, host)) {
                    return Truth.HOLDS;
                }
            }
            return Truth.FAILS;
        }
    }

    /** A part of the value, asked something. */
    record Inner(FactPath path, ValueTest test) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            JsonValue part = path.follow(value);
            return part == null ? (test instanceof Exists exists ? Truth.of(!exists.wanted()) : Truth.UNKNOWN)
                    : test.test(part);
        }
    }

    /** Whether it is there at all; what is asked of a value that is. */
    record Exists(boolean wanted) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return Truth.of(wanted);
        }
    }

    /** Not that. */
    record Not(ValueTest test) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            return test.test(value).negated();
        }
    }

    /** One of several, all of the same value. */
    record AnyOf(List<ValueTest> tests) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            Truth truth = Truth.FAILS;
            for (ValueTest test : tests) {
                Truth one = test.test(value);
                if (one == Truth.HOLDS) {
                    return one;
                }
                truth = one == Truth.UNKNOWN ? one : truth;
            }
            return truth;
        }
    }

    /** At least one element, or each of them. */
    record Elements(ValueTest test, boolean all) implements ValueTest {

        @Override
        public Truth test(JsonValue value) {
            if (!(value instanceof JsonArray array)) {
                return Truth.UNKNOWN;
            }
            Truth decides = all ? Truth.FAILS : Truth.HOLDS;
            Truth truth = decides.negated();
            for (JsonValue element : array.values()) {
                Truth one = test.test(element);
                if (one == decides) {
                    return one;
                }
                truth = one == Truth.UNKNOWN ? one : truth;
            }
            return truth;
        }
    }
}
