package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.json.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of vectors in our own format, or in that of the published mutual-auth suite: an object whose {@code vectors}
 * are {@code {id, category, primitive, note?, tags?, input, expected}}.
 */
final class VectorFile {

    private static final Set<String> FORMATS = Set.of("agentpassport-vectors/1", "aps-mutual-auth-conformance/1");
    private static final JsonParser PARSER = JsonParser.with(JsonLimits.VECTOR_FILE);

    private VectorFile() {}

    /** The vectors in a file, at least one. */
    static List<TestVector> read(Path path) throws IOException {
        JsonObject file = readObject(path);
        String format = file.string("format");
        if (format == null || !FORMATS.contains(format)) {
            throw new MalformedVectorException("not a file of vectors: its format is none of " + FORMATS);
        }
        if (!(file.get("vectors") instanceof JsonArray array) || array.values().isEmpty()) {
            throw new MalformedVectorException("no vectors in the file");
        }
        var vectors = new ArrayList<TestVector>(array.values().size());
        var ids = new HashSet<String>();
        for (JsonValue value : array.values()) {
            if (!(value instanceof JsonObject object)) {
                throw new MalformedVectorException("a vector that is not an object");
            }
            TestVector vector = TestVector.fromJson(object);
            if (!ids.add(vector.id())) {
                throw new MalformedVectorException("two vectors named " + vector.id());
            }
            vectors.add(vector);
        }
        Double count = file.number("count");
        if (!file.isUnset("count") && (count == null || count != vectors.size())) {
            throw new MalformedVectorException("the file says it holds another number of vectors than it does");
        }
        return vectors;
    }

    /** Any JSON file, with lone surrogates and numbers beyond binary64 left as they are. */
    static JsonValue readJson(Path path) throws IOException {
        JsonParser.Outcome outcome = PARSER.parse(Files.readAllBytes(path));
        if (outcome instanceof JsonParser.Parsed parsed) {
            return parsed.value();
        }
        throw new MalformedVectorException("not JSON: " + (Rejected) outcome);
    }

    /** Any JSON file with an object on top. */
    static JsonObject readObject(Path path) throws IOException {
        if (readJson(path) instanceof JsonObject object) {
            return object;
        }
        throw new MalformedVectorException("not a JSON object");
    }
}
