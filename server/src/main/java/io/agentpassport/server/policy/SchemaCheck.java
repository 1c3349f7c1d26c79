package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema must be beyond JSON Schema, so that asking it is bounded: known keywords only, references within itself
 * and never in a circle, linear-time patterns, and not more than {@link #MAX_PARTS} parts once references are written
 * out.
 */
final class SchemaCheck {

    /** How many schemas it is made of, each counted wherever it is referred to. */
    static final int MAX_PARTS = 5_000;

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final Set<String> NAMED = Set.of("properties", "patternProperties", "$defs", "dependentSchemas");
    private static final Set<String> SINGLE = Set.of("items", "additionalProperties", "contains", "propertyNames",
            "not",
            "if", "then", "else", "unevaluatedItems", "unevaluatedProperties");
    private static final Set<String> LISTED = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> OTHERS = Set.of("$schema", "$ref", "$comment", "type", "enum", "const",
            "multipleOf",
            "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
            "maxItems",
            "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required",
            "dependentRequired", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
            "format", "contentEncoding", "contentMediaType");

    private final JsonValue root;
    private final String pointer;
    private final Problems problems;
    private final Deque<String> open = new ArrayDeque<>();
    private int parts;
    private boolean failed;
    private boolean hasPatterns;

    SchemaCheck(JsonValue root, String pointer, Problems problems) {
        this.root = root;
        this.pointer = pointer;
        this.problems = problems;
    }

    boolean passes() {
        check(root, pointer);
        return !failed;
    }

    boolean hasPatterns() {
        return hasPatterns;
    }

    private void wrong(String at, String message) {
        failed = true;
        problems.add(at, message);
    }

    private void check(JsonValue schema, String at) {
        if (failed) {
            return;
        }
        if (++parts > MAX_PARTS) {
            wrong(at, "is too large: with its references written out it has more than " + MAX_PARTS + " parts");
            return;
        }
        if (schema instanceof JsonBoolean) {
            return;
        }
        if (!(schema instanceof JsonObject object)) {
            wrong(at, "is no JSON Schema: an object, true or false");
            return;
        }
        for (int i = 0; i < object.size(); i++) {
            keyword(object.name(i), object.value(i), Pointer.to(at, object.name(i)));
        }
    }

    private void keyword(String name, JsonValue value, String at) {
        if (NAMED.contains(name)) {
            if (name.equals("$defs")) {
                return; // Read where something refers to them.
            }
            if (value instanceof JsonObject schemas) {
                for (int i = 0; i < schemas.size(); i++) {
                    if (name.equals("patternProperties")) {
                        pattern(schemas.name(i), Pointer.to(at, schemas.name(i)));
                    }
                    check(schemas.value(i), Pointer.to(at, schemas.name(i)));
                }
            }
        } else if (SINGLE.contains(name)) {
            check(value, at);
        } else if (LISTED.contains(name)) {
            List<JsonValue> schemas = value instanceof JsonArray array ? array.values() : List.of();
            for (int i = 0; i < schemas.size(); i++) {
                check(schemas.get(i), Pointer.to(at, i));
            }
        } else if (!OTHERS.contains(name)) {
            wrong(at, "is no keyword that is taken here");
        } else if (value instanceof JsonString text) {
            switch (name) {
                case "$ref" -> reference(text.value(), at);
                case "pattern" -> pattern(text.value(), at);
                case "$schema" -> {
                    if (!text.value().equals(DIALECT)) {
                        wrong(at, "must be " + DIALECT);
                    }
                }
                default -> {
                    // The meta-schema says what is wrong with others.
                }
            }
        }
    }

    private void reference(String text, String at) {
        List<String> segments = text.startsWith("#") && text.indexOf('%') < 0 ? Pointer.segments(text.substring(1))
                : null;
        JsonValue target = segments == null ? null : follow(segments);
        if (target == null) {
            wrong(at, "must refer to a place in this schema, such as #/$defs/address");
            return;
        }
        if (text.equals("#") || open.contains(text)) {
            wrong(at, "refers in a circle; write the levels that are needed out");
            return;
        }
        open.push(text);
        check(target, pointer + text.substring(1));
        open.pop();
    }

    private @Nullable JsonValue follow(List<String> segments) {
        JsonValue at = root;
        for (String segment : segments) {
            if (at instanceof JsonObject object) {
                at = object.get(segment);
            } else if (at instanceof JsonArray array && segment.matches("0|[1-9][0-9]{0,5}")
                    && Integer.parseInt(segment) < array.values().size()) {
                at = array.values().get(Integer.parseInt(segment));
            } else {
                return null;
            }
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private void pattern(String text, String at) {
        hasPatterns = true;
        if (LinearPattern.compile(text) instanceof LinearPattern.Bad bad) {
            wrong(at, bad.problem());
        }
    }
}
