package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.ToolCall;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signed requests for tool calls, and the decimals they are counted in (docs/protocol.md, "Tool calls"). */
final class ToolCallPrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "parseToolCall", ToolCallPrimitives::parse,
            "decimal", ToolCallPrimitives::decimal,
            "decimalCalculate", ToolCallPrimitives::calculate,
            "decimalCompare", ToolCallPrimitives::compare);

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    private ToolCallPrimitives() {}

    private static JsonObject parse(Input input) {
        return switch (PARSER.parse(input.base64("statement_json_b64"))) {
            case Rejected rejected -> Answers.rejected(rejected);
            case JsonParser.Parsed parsed -> switch (ToolCall.fromStatement(parsed.object())) {
                case ToolCall.Parsed call -> Answers.OK.with("digest", Answers.text(call.call().digest().text()));
                case ToolCall.Malformed malformed -> Answers.ok(false).with("path", Answers.text(malformed.path()));
            };
        };
    }

    private static JsonObject decimal(Input input) {
        return answer(input.isSet("number")
                ? Decimal.fromNumber(input.number("number"))
                : Decimal.fromText(input.text("text")));
    }

    private static JsonObject calculate(Input input) {
        Decimal a = Decimal.fromText(input.text("a"));
        Decimal b = Decimal.fromText(input.text("b"));
        String operation = input.text("operation");
        if (a == null || b == null) {
            return Answers.ok(false);
        }
        return answer(switch (operation) {
            case "plus" -> a.plus(b);
            case "minus" -> a.minus(b);
            case "times" -> a.times(b);
            default -> throw new MalformedVectorException("unknown operation " + operation);
        });
    }

    private static JsonObject compare(Input input) {
        Decimal a = Decimal.fromText(input.text("a"));
        Decimal b = Decimal.fromText(input.text("b"));
        return a == null || b == null ? Answers.ok(false)
                : JsonObject.builder().put("ok", JsonBoolean.TRUE).put("order", a.compareTo(b)).build();
    }

    private static JsonObject answer(@Nullable Decimal decimal) {
        return decimal == null ? Answers.ok(false) : Answers.OK.with("decimal", Answers.text(decimal.text()));
    }
}
