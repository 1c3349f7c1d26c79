package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text of a policy, JSON or YAML, as one JSON object. */
final class PolicyText {

    private static final JsonParser JSON = JsonParser.with(
            new JsonLimits(PolicyParser.MAX_BYTES, PolicyLimits.DEPTH, PolicyLimits.TOKENS, true, false));

    private PolicyText() {}

    /** The object, or null when it cannot be told; there may be problems with values of it. */
    static @Nullable JsonObject read(String text, PolicyFormat format, Problems problems) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > PolicyParser.MAX_BYTES) {
            problems.add("", "is longer than " + PolicyParser.MAX_BYTES / 1024 + " KiB");
            return null;
        }
        if (format == PolicyFormat.YAML) {
            return new YamlReader(problems).read(text);
        }
        return switch (JSON.parse(utf8)) {
            case JsonParser.Parsed parsed -> parsed.object();
            case Rejected rejected -> {
                // The gate does not say where; the other reader does.
                if (new YamlReader(problems).read(text) != null && problems.isEmpty()) {
                    problems.add("", "is not JSON: " + rejected);
                }
                yield null;
            }
        };
    }
}
