package io.agentpassport.server.policy;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of a tool's arguments (JSON Schema 2020-12), compiled when the document is read. {@code format} is for
 * people, as that version says.
 */
final class ArgsSchema {

    private static final int MAX_MESSAGE_CHARACTERS = 300;

    private final String pointer;
    private final Schema schema;
    private final boolean hasPatterns;

    private ArgsSchema(String pointer, Schema schema, boolean hasPatterns) {
        this.pointer = pointer;
        this.schema = schema;
        this.hasPatterns = hasPatterns;
    }

    /** The schema of a value, or null with problems. */
    static @Nullable ArgsSchema compile(JsonValue value, String pointer, Problems problems) {
        var check = new SchemaCheck(value, pointer, problems);
        if (!check.passes()) {
            return null;
        }
        JsonNode node = node(value);
        List<Error> errors = Registry.META.validate(node);
        if (!errors.isEmpty()) {
            // The others follow from the first more often than not.
            Error first = errors.get(0);
            problems.add(pointer + first.getInstanceLocation(), "is no JSON Schema: " + first.getMessage());
            return null;
        }
        try {
            Schema schema = Registry.SCHEMAS.getSchema(node);
            schema.initializeValidators();
            return new ArgsSchema(pointer, schema, check.hasPatterns());
        } catch (SchemaException e) {
            problems.add(pointer, "is no JSON Schema: " + e.getMessage());
            return null;
        }
    }

    /** The denial of arguments that do not fit, or null. */
    Judgement.@Nullable Denied denial(JsonObject args) {
        if (hasPatterns && hasLongText(args)) {
            return denied("a text has more than " + LinearPattern.MAX_MATCHED_CHARACTERS + " characters");
        }
        List<Error> errors = schema.validate(node(args));
        return errors.isEmpty() ? null : denied(errors.get(0).toString());
    }

    String pointer() {
        return pointer;
    }

    private Judgement.Denied denied(String problem) {
        return new Judgement.Denied(PolicyCode.SCHEMA, pointer, "The arguments do not fit: "
                + (problem.length() > MAX_MESSAGE_CHARACTERS ? problem.substring(0, MAX_MESSAGE_CHARACTERS) + "…"
                        : problem));
    }

    private static boolean hasLongText(JsonValue value) {
        return switch (value) {
            case JsonString text -> text.value().length() > LinearPattern.MAX_MATCHED_CHARACTERS;
            case JsonArray array -> array.values().stream().anyMatch(ArgsSchema::hasLongText);
            case JsonObject object -> {
                for (int i = 0; i < object.size(); i++) {
                    if (object.name(i).length() > LinearPattern.MAX_MATCHED_CHARACTERS
                            || hasLongText(object.value(i))) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> false;
        };
    }

    private static JsonNode node(JsonValue value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case JsonString text -> nodes.stringNode(text.value());
            case JsonNumber number -> number.isSafeInteger() ? nodes.numberNode((long) number.value())
                    : nodes.numberNode(number.value());
            case JsonBoolean bool -> nodes.booleanNode(bool.value());
            case JsonNull none -> nodes.nullNode();
            case JsonArray array -> {
                ArrayNode all = nodes.arrayNode();
                array.values().forEach(element -> all.add(node(element)));
                yield all;
            }
            case JsonObject object -> {
                ObjectNode all = nodes.objectNode();
                for (int i = 0; i < object.size(); i++) {
                    all.set(object.name(i), node(object.value(i)));
                }
                yield all;
            }
        };
    }

    /** Made by the first document that has a schema; the others need not wait for it. */
    private static final class Registry {

        private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaCacheEnabled(false)
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .failFast(true)
                                .formatAssertionsEnabled(false)
                                .regularExpressionFactory(Registry::expression)
                                .build()));
        private static final Schema META = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        private static RegularExpression expression(String pattern) {
            return switch (LinearPattern.compile(pattern)) {
                case LinearPattern.Compiled compiled -> text -> compiled.pattern().find(text) == Truth.HOLDS;
                case LinearPattern.Bad bad -> throw new IllegalArgumentException(bad.problem());
            };
        }
    }
}
