package io.agentpassport.vectors;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wycheproof, speccheck, CCTV, and the signatures of ed25519.cr.yp.to. */
final class Ed25519Suites {

    private Ed25519Suites() {}

    static List<TestVector> wycheproof(Path folder) throws IOException {
        var vectors = new ArrayList<TestVector>();
        for (JsonObject group : objects(VectorFile.readObject(folder.resolve("ed25519_test.json")).get("testGroups"))) {
            String key = new Input(new Input(group).object("publicKey")).text("pk");
            for (JsonObject test : objects(group.get("tests"))) {
                var members = new Input(test);
                boolean valid = switch (members.text("result")) {
                    case "valid" -> true;
                    case "invalid" -> false;
                    default -> throw new MalformedVectorException("neither valid nor invalid");
                };
                vectors.add(verification("wycheproof/" + (int) members.number("tcId"), key, members.text("msg"),
                        members.text("sig"), Answers.ok(valid)));
            }
        }
        return vectors;
    }

    static List<TestVector> speccheck(Path folder) throws IOException {
        ExpectedAnswers expected = ExpectedAnswers.read(folder);
        var vectors = new ArrayList<TestVector>();
        for (JsonObject json : objects(VectorFile.readJson(folder.resolve("cases.json")))) {
            var members = new Input(json);
            String name = String.valueOf(vectors.size());
            vectors.add(verification("speccheck/" + name, members.text("pub_key"), members.text("message"),
                    members.text("signature"), withoutRule(expected.of(name))));
        }
        expected.requireAllAsked();
        return vectors;
    }

    static List<TestVector> cctv(Path folder) throws IOException {
        ExpectedAnswers expected = ExpectedAnswers.read(folder);
        var vectors = new ArrayList<TestVector>();
        for (JsonObject json : objects(VectorFile.readJson(folder.resolve("ed25519vectors.json")))) {
            var members = new Input(json);
            String name = String.valueOf((int) members.number("number"));
            String message = HexText.encode(members.text("msg").getBytes(StandardCharsets.UTF_8));
            vectors.add(verification("cctv-ed25519/" + name, members.text("key"), message, members.text("sig"),
                    withoutRule(expected.of(name))));
        }
        expected.requireAllAsked();
        return vectors;
    }

    /** Lines {@code SEED KEY : KEY : MESSAGE : SIGNATURE MESSAGE :}, each asked for key, signature and verification. */
    static List<TestVector> ed25519CrYpTo(Path folder) throws IOException {
        var vectors = new ArrayList<TestVector>();
        for (String line : Files.readAllLines(folder.resolve("TESTVECTORS"))) {
            String[] fields = line.split(":", -1);
            String id = "ed25519-cr-yp-to/" + (vectors.size() + 1);
            if (fields.length < 4 || fields[0].length() < 64 || fields[3].length() < 128) {
                throw new MalformedVectorException(id + ": not a line of this suite");
            }
            JsonObject input = JsonObject.builder()
                    .put("seed_hex", fields[0].substring(0, 64))
                    .put("public_key_hex", fields[1])
                    .put("message_hex", fields[2])
                    .build();
            JsonObject expected = JsonObject.builder()
                    .put("public_key_hex", fields[1])
                    .put("signature_hex", fields[3].substring(0, 128))
                    .build()
                    .with("ok", JsonBoolean.TRUE);
            vectors.add(TestVector.of(id, "ed25519RoundTrip", input, expected));
        }
        return vectors;
    }

    private static TestVector verification(String id, String key, String message, String signature,
            JsonObject expected) {
        JsonObject input = JsonObject.builder()
                .put("public_key_hex", key)
                .put("message_hex", message)
                .put("signature_hex", signature)
                .build();
        return TestVector.of(id, "ed25519Verify", input, expected);
    }

    /** Which rule refuses is not part of an answer; core's own tests hold it. */
    private static JsonObject withoutRule(JsonObject expected) {
        return expected.without("rule");
    }

    private static List<JsonObject> objects(@Nullable JsonValue value) {
        if (!(value instanceof JsonArray array)) {
            throw new MalformedVectorException("no array where the suite has one");
        }
        return new Input(JsonObject.builder().put("all", array).build()).objects("all");
    }
}
