package io.agentpassport.vectors;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Number texts, the canonicalisation pairs of RFC 8785, and JSONTestSuite. */
final class JsonSuites {

    private JsonSuites() {}

    /** Lines {@code BITS,TEXT}: a binary64 in hex without leading zeros, and its ECMAScript text. */
    static List<TestVector> es6numbers(Path folder) throws IOException {
        var vectors = new ArrayList<TestVector>();
        for (String line : Files.readAllLines(folder.resolve("es6testfile10k.txt"))) {
            int comma = line.indexOf(',');
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(line.substring(0, comma), 16));
            // Java's text of a finite double is JSON, and reads back as the same double.
            vectors.add(canonicalisation("es6numbers/" + (vectors.size() + 1), Double.toString(value),
                    line.substring(comma + 1)));
        }
        return vectors;
    }

    static List<TestVector> rfc8785(Path folder) throws IOException {
        var vectors = new ArrayList<TestVector>();
        for (Path input : files(folder.resolve("input"))) {
            String file = input.getFileName().toString();
            String name = file.replace(".json", "");
            String output = Files.readString(folder.resolve("output").resolve(file));
            String hex = Files.readString(folder.resolve("outhex").resolve(name + ".txt")).replaceAll("\\s", "");
            if (!Arrays.equals(HexText.decodeAnyCase(hex), output.getBytes(StandardCharsets.UTF_8))) {
                throw new MalformedVectorException(name + ": output and outhex differ");
            }
            vectors.add(canonicalisation("rfc8785/" + name, Files.readString(input), output));
        }
        return vectors;
    }

    /** Each file is gated twice: with anything on top, and with an object on top. */
    static List<TestVector> jsontestsuite(Path folder) throws IOException {
        ExpectedAnswers expected = ExpectedAnswers.read(folder);
        JsonObject profiles = new Input(expected.file()).object("profiles");
        var vectors = new ArrayList<TestVector>();
        for (String directory : List.of("test_parsing", "test_transform")) {
            for (Path path : files(folder.resolve(directory))) {
                String name = directory + "/" + path.getFileName();
                JsonObject input = JsonObject.builder()
                        .put("bytes_b64", Base64.getEncoder().encodeToString(Files.readAllBytes(path)))
                        .put("profiles", profiles)
                        .build();
                // Why the gate answers so is for people.
                JsonObject answers = expected.of(name).without("why");
                vectors.add(TestVector.of("jsontestsuite/" + name, "gateUnderEach", input, answers));
            }
        }
        expected.requireAllAsked();
        return vectors;
    }

    private static TestVector canonicalisation(String id, String json, String canonical) {
        JsonObject expected = JsonObject.builder()
                .put("canonical_json", canonical)
                .put("canonical_sha256", Digest.sha256Text(canonical.getBytes(StandardCharsets.UTF_8)))
                .build();
        return TestVector.of(id, "canonicalizeJCS", JsonObject.builder().put("json", json).build(), expected);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
