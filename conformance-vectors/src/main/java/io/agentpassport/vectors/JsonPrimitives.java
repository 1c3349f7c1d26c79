package io.agentpassport.vectors;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.json.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/** The strict gate and the canonical form (docs/protocol.md, "Canonical JSON"). */
final class JsonPrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "canonicalizeJCS", input -> canonicalize(input, Jcs::canonicalize),
            "canonicalizeJCSForWrite", input -> canonicalize(input, Jcs::canonicalizeForSigning),
            "gate", JsonPrimitives::gate,
            "gateUnderEach", JsonPrimitives::gateUnderEach);

    private static final JsonLimits SUITE = JsonLimits.SUITE;
    private static final JsonParser ANY = JsonParser.with(SUITE);
    private static final Map<String, JsonParser> PROFILES = Map.of(
            "signed_document", JsonParser.with(JsonLimits.SIGNED_DOCUMENT),
            "canonicalisation", ANY,
            "canonicalisation_object", JsonParser.with(
                    new JsonLimits(SUITE.maxBytes(), SUITE.maxDepth(), SUITE.maxTokens(), true, false)));

    private JsonPrimitives() {}

    private static JsonObject canonicalize(Input input, Function<JsonValue, Jcs.Outcome> canonicalize) {
        byte[] text = input.text("json").getBytes(StandardCharsets.UTF_8);
        return switch (ANY.parse(text)) {
            case JsonParser.Parsed parsed -> Answers.canonical(canonicalize.apply(parsed.value()));
            case Rejected rejected -> Answers.rejected(rejected);
        };
    }

    private static JsonObject gate(Input input) {
        return switch (profile(input.text("profile")).parse(input.base64("bytes_b64"))) {
            case JsonParser.Parsed parsed -> Answers.OK
                    .with("canonical_sha256", Answers.text(Digest.sha256Text(Jcs.bytes(parsed.value()))));
            case Rejected rejected -> Answers.rejected(rejected);
        };
    }

    /** What the gate says of the same bytes under each of the profiles: {@code profiles} names them by a key each. */
    private static JsonObject gateUnderEach(Input input) {
        byte[] bytes = input.base64("bytes_b64");
        JsonObject profiles = input.object("profiles");
        JsonObject.Builder answers = JsonObject.builder();
        for (int i = 0; i < profiles.size(); i++) {
            JsonParser parser = profile(new Input(profiles).text(profiles.name(i)));
            answers.put(profiles.name(i), switch (parser.parse(bytes)) {
                case JsonParser.Parsed parsed -> JsonObject.builder().put("accept", JsonBoolean.TRUE).build();
                case Rejected rejected -> JsonObject.builder()
                        .put("accept", JsonBoolean.FALSE)
                        .put("error", rejected.error())
                        .put("error_reason", rejected.reason())
                        .build();
            });
        }
        return answers.build();
    }

    private static JsonParser profile(String name) {
        JsonParser parser = PROFILES.get(name);
        if (parser == null) {
            throw new MalformedVectorException("unknown profile " + name);
        }
        return parser;
    }
}
