package io.agentpassport.core.crypto;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The verifications of the public suites, with the answers that the vectors of this project expect. */
final class Ed25519Cases {

    private static final Path SUITES = Path.of("../conformance-vectors/suites");

    private Ed25519Cases() {}

    /**
     * One verification.
     *
     * @param rule which of the five conditions refuses it first, by number; 0 when valid or not told
     */
    // The cases are read, never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Case(String id, byte[] key, byte[] message, byte[] signature, boolean valid, int rule) {

        boolean hasKeyAndSignatureOfRightLength() {
            return key.length == PublicKey.BYTES && signature.length == Signature.BYTES;
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static List<Case> all() {
        var cases = new ArrayList<Case>();
        cases.addAll(ruled());
        for (JsonObject group : objects(object(read("wycheproof/ed25519_test.json")), "testGroups")) {
            byte[] key = hex(Objects.requireNonNull(group.object("publicKey")), "pk");
            for (JsonObject test : objects(group, "tests")) {
                cases.add(new Case("wycheproof " + test.number("tcId"), key, hex(test, "msg"), hex(test, "sig"),
                        "valid".equals(test.string("result")), 0));
            }
        }
        for (String line : lines("ed25519-cr-yp-to/TESTVECTORS")) {
            String[] fields = line.split(":", -1);
            byte[] signature = HexText.decodeAnyCase(fields[3].substring(0, 128));
            cases.add(new Case("ed25519.cr.yp.to " + cases.size(), HexText.decodeAnyCase(fields[1]),
                    HexText.decodeAnyCase(fields[2]), signature, true, 0));
        }
        return cases;
    }

    /** Those of which it is known which condition refuses them. */
    static List<Case> ruled() {
        var cases = new ArrayList<Case>();
        JsonObject speccheck = expected("speccheck");
        for (JsonObject json : objects((JsonArray) read("speccheck/cases.json"))) {
            JsonObject answer = Objects.requireNonNull(speccheck.object(String.valueOf(cases.size())));
            cases.add(ruled("speccheck " + cases.size(), hex(json, "pub_key"), hex(json, "message"),
                    hex(json, "signature"), answer));
        }
        JsonObject cctv = expected("cctv-ed25519");
        for (JsonObject json : objects((JsonArray) read("cctv-ed25519/ed25519vectors.json"))) {
            String number = String.valueOf(Objects.requireNonNull(json.number("number")).intValue());
            byte[] message = Objects.requireNonNull(json.string("msg")).getBytes(StandardCharsets.UTF_8);
            cases.add(ruled("cctv " + number, hex(json, "key"), message, hex(json, "sig"),
                    Objects.requireNonNull(cctv.object(number))));
        }
        return cases;
    }

    private static Case ruled(String id, byte[] key, byte[] message, byte[] signature, JsonObject answer) {
        Double rule = answer.number("rule");
        return new Case(id, key, message, signature, answer.get("ok") == JsonBoolean.TRUE,
                rule == null ? 0 : rule.intValue());
    }

    private static JsonObject expected(String suite) {
        return Objects.requireNonNull(object(read(suite + "/expected.json")).object("cases"));
    }

    private static JsonValue read(String file) {
        try {
            byte[] bytes = Files.readAllBytes(SUITES.resolve(file));
            return ((JsonParser.Parsed) JsonParser.with(JsonLimits.VECTOR_FILE).parse(bytes)).value();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(SUITES.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject object(JsonValue value) {
        return (JsonObject) value;
    }

    private static List<JsonObject> objects(JsonObject json, String member) {
        return objects((JsonArray) Objects.requireNonNull(json.get(member)));
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.values().stream().map(Ed25519Cases::object).toList();
    }

    private static byte[] hex(JsonObject json, String member) {
        return HexText.decodeAnyCase(Objects.requireNonNull(json.string(member)));
    }
}
