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

    /** The object, or null when problems were found. */
    static @Nullable JsonObject read(String text, Problems problems) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > PolicyParser.MAX_BYTES) {
            problems.add("", "is longer than " + PolicyParser.MAX_BYTES / 1024 + " KiB");
            return null;
        }
        return text.stripLeading().startsWith("{") && JSON.parse(utf8) instanceof JsonParser.Parsed parsed
                ? parsed.object()
                : readStrictly(text, utf8, problems);
    }

    /** What is not plainly JSON: the YAML reader takes it, or says where it is wrong. */
    private static @Nullable JsonObject readStrictly(String text, byte[] utf8, Problems problems) {
        var yaml = new YamlReader(problems);
        JsonObject object = yaml.read(text);
        if (object != null || !problems.isEmpty()) {
            return object;
        }
        if (JSON.parse(utf8) instanceof Rejected rejected) {
            problems.add("", "is not a document: " + rejected);
        }
        return null;
    }
}
