package io.agentpassport.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonParserTest {

    private static final JsonLimits SMALL = new JsonLimits(100, 3, 10, false, false);

    @Test
    void readsEveryKindOfValue() {
        JsonObject object = parsed(
                "{\"s\":\"x\",\"n\":-1.5e2,\"t\":true,\"f\":false,\"z\":null,\"a\":[1,[]],\"o\":{}}");

        assertThat(object.string("s")).isEqualTo("x");
        assertThat(object.number("n")).isEqualTo(-150.0);
        assertThat(object.get("t")).isEqualTo(JsonBoolean.TRUE);
        assertThat(object.get("f")).isEqualTo(JsonBoolean.FALSE);
        assertThat(object.get("z")).isEqualTo(JsonNull.NULL);
        assertThat(object.get("a"))
                .isEqualTo(new JsonArray(Arrays.asList(new JsonNumber(1), JsonArray.EMPTY)));
        assertThat(object.object("o")).isEqualTo(JsonObject.EMPTY);
    }

    @Test
    void readsAnythingOnTopWhereTheLimitsAllowIt() {
        assertThat(parse("\"x\"", JsonLimits.SUITE)).isEqualTo(new JsonParser.Parsed(new JsonString("x")));
        assertThat(parse("[]", JsonLimits.SIGNED_DOCUMENT)).isEqualTo(document("invalid_json", "not_an_object"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\":1", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "{'a':1}", "{a:1}",
        "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":0x1}", "{\"a\":NaN}", "{\"a\":Infinity}",
        "{\"a\":-}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
        "{\"a\":1}//", "/**/{}", "{}x", "{},", "{\"a\":\u00a01}", "{}\u0000", "{\"a\":\"\\ud8\uff11\uff11\"}",
        "{\"a\":\"\\uD8\u0661\u0661\"}", "\\ud800{}", "{\"a\":1]", "[}", "]"})
    void refusesWhatIsNoJson(String json) {
        assertThat(parse(json, JsonLimits.SUITE)).isEqualTo(document("invalid_json", "syntax"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"\\u00\u0161\u0161\"]", "[\"\\u\uff10041\"]", "{\"\\u004\u0141\":1}",
        "[\"\\u004\u0130\"]"})
    void refusesEscapesWhoseDigitsAreLettersOfAnotherScript(String json) {
        assertThat(parse(json, JsonLimits.SUITE)).isEqualTo(document("invalid_json", "syntax"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}{}", "{} 1", "{}\n\"x\"", "1 2"})
    void refusesASecondValue(String json) {
        assertThat(parse(json, JsonLimits.SUITE)).isEqualTo(document("invalid_json", "trailing_content"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "{\"x\":[{\"a\":1,\"b\":2,\"a\":1}]}", "{\"a\":1,\"\\u0061\":2}",
        "{\"\":1,\"\":2}", "{\"\\n\":1,\"\\u000A\":2}", "{\"\ud83d\ude00\":1,\"\\ud83d\\uDE00\":2}",
        "{\"/\":1,\"\\/\":1}"})
    void refusesANameTwiceHoweverItIsSpelled(String json) {
        assertThat(parse(json, JsonLimits.SUITE)).isEqualTo(document("invalid_json", "duplicate_name"));
    }

    @Test
    void refusesANameTwiceAmongManyMembers() {
        var json = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            json.append("\"n").append(i).append("\":0,");
        }
        assertThat(parse(json + "\"last\":0}", JsonLimits.SUITE)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse(json + "\"n50\":0}", JsonLimits.SUITE)).isEqualTo(document("invalid_json", "duplicate_name"));
    }

    @ParameterizedTest
    @CsvSource({"c0af", "e080af", "f08080af", "c080", "eda080", "eda0bdedb880", "f4908080", "f888808080", "80", "e282",
        "ff", "efbfbd80"})
    void refusesBytesThatAreNotUtf8(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] json = "{\"a\":\"\"}".getBytes(StandardCharsets.UTF_8);
        var document = new byte[json.length + bad.length];
        System.arraycopy(json, 0, document, 0, 6);
        System.arraycopy(bad, 0, document, 6, bad.length);
        System.arraycopy(json, 6, document, 6 + bad.length, json.length - 6);

        assertThat(JsonParser.with(JsonLimits.SUITE).parse(document)).isEqualTo(document("invalid_unicode", "utf8"));
    }

    @Test
    void takesTheReplacementCharacterItself() {
        assertThat(parsed("{\"a\":\"\ufffd\"}").string("a")).isEqualTo("\ufffd");
    }

    @Test
    void refusesAByteOrderMarkAndOtherEncodings() {
        assertThat(parse("\ufeff{}", JsonLimits.SUITE)).isEqualTo(document("invalid_unicode", "byte_order_mark"));
        assertThat(JsonParser.with(JsonLimits.SUITE).parse("{}".getBytes(StandardCharsets.UTF_16)))
                .isEqualTo(document("invalid_unicode", "utf8"));
        assertThat(JsonParser.with(JsonLimits.SUITE).parse("{}".getBytes(StandardCharsets.UTF_16LE)))
                .isEqualTo(document("invalid_json", "syntax"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"{\"a\":\"\\ud800\"} $.a", "{\"a\":\"\\udc00\\ud800\"} $.a",
        "{\"\\ud800\":1} $", "{\"\\udc00\":1} $", "{\"b\":{\"x\\uDBFF\":1}} $.b", "{\"\\n\\ud800\":1} $",
        "{\"a\":[0,{\"b\":[1,\"\\udfff\"]}]} $.a[1].b[1]", "{\"b\":\"\\ud800\",\"a\":\"\\ud800\"} $.a",
        "{\"b\":\"\\ud800\",\"a\":1e400} $.a", "[\"\\\\\\ud800\"] $[0]"})
    void saysWhereTheFirstUnwritablePlaceInCanonicalOrderIs(String json, String path) {
        assertThat(parse(json, JsonLimits.SUITE)).isInstanceOfSatisfying(Rejected.class,
                rejected -> assertThat(rejected.path()).isEqualTo(path));
    }

    @Test
    void namesTheRuleThatUnwritableValuesBreak() {
        assertThat(parse("{\"a\":\"\\ud83d\"}", JsonLimits.SUITE))
                .isEqualTo(new Rejected("invalid_unicode", "lone_surrogate", "$.a"));
        assertThat(parse("[1e400]", JsonLimits.SUITE)).isEqualTo(new Rejected("invalid_number", "non_finite", "$[0]"));
    }

    @Test
    void anEscapedBackslashBeforeAHalfIsNoEscape() {
        assertThat(parsed("{\"a\":\"\\\\ud800\"}").string("a")).isEqualTo("\\ud800");
        assertThat(parsed("{\"\\\\ud800\":1}").has("\\ud800")).isTrue();
    }

    @Test
    void escapedPairsAreCharacters() {
        assertThat(parsed("{\"a\":\"\\ud83d\\uDE00\"}").string("a")).isEqualTo("\ud83d\ude00");
        assertThat(parsed("{\"\\ud83d\\ude00\":1}").has("\ud83d\ude00")).isTrue();
    }

    @Test
    void aReaderOfVectorsKeepsWhatCannotBeWritten() {
        assertThat(parse("{\"\\ud800\":[\"\\udc00\",1e400]}", JsonLimits.VECTOR_FILE))
                .isEqualTo(new JsonParser.Parsed(JsonObject.builder()
                        .put("\ud800", new JsonArray(Arrays.asList(new JsonString("\udc00"),
                                new JsonNumber(Double.POSITIVE_INFINITY))))
                        .build()));
    }

    @ParameterizedTest
    @CsvSource({"9007199254740993,9007199254740992", "9007199254740995,9007199254740996", "1e-400,0", "5e-324,4.9e-324",
        "123456789012345,123456789012345", "1234567890123456,1234567890123456", "-0,-0.0", "-0.0,-0.0", "1E+2,100",
        "0.1,0.1", "1.7976931348623157e308,1.7976931348623157e308", "999999999999999,999999999999999",
        "-999999999999999,-999999999999999"})
    void readsNumbersAsBinary64(String json, double value) {
        assertThat(parse(json, JsonLimits.SUITE)).isEqualTo(new JsonParser.Parsed(new JsonNumber(value)));
    }

    @Test
    void takesDocumentsAtTheLimitOfBytesAndNoneBeyond() {
        String full = "\"" + "x".repeat(98) + "\"";

        assertThat(parse(full, SMALL)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse(full + " ", SMALL)).isEqualTo(document("too_large", "bytes"));
        assertThat(parse("\"" + "\u00e9".repeat(49) + "\"", SMALL)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("\"" + "\u00e9".repeat(49) + "x\"", SMALL)).isEqualTo(document("too_large", "bytes"));
    }

    @Test
    void takesDocumentsAtTheLimitOfDepthAndNoneBeyond() {
        assertThat(parse("[{\"a\":[]}]", SMALL)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("[{\"a\":[[]]}]", SMALL)).isEqualTo(document("too_large", "depth"));
        assertThat(parse("[[[{}]]]", SMALL)).isEqualTo(document("too_large", "depth"));
    }

    @Test
    void takesDocumentsAtTheLimitOfTokensAndNoneBeyond() {
        assertThat(parse("[1,2,3,4,5,6,7,8]", SMALL)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("[1,2,3,4,5,6,7,8,9]", SMALL)).isEqualTo(document("too_large", "tokens"));
        assertThat(parse("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", SMALL)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("{\"a\":1,\"b\":2,\"c\":3,\"d\":[]}", SMALL)).isEqualTo(document("too_large", "tokens"));
    }

    @Test
    void holdsTheNamedLimits() {
        assertThat(parse("{\"a\":\"" + "x".repeat(65_536 - 8) + "\"}", JsonLimits.SIGNED_DOCUMENT))
                .isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("{\"a\":\"" + "x".repeat(65_536 - 7) + "\"}", JsonLimits.SIGNED_DOCUMENT))
                .isEqualTo(document("too_large", "bytes"));
        assertThat(parse("{\"a\":" + nested(31) + "}", JsonLimits.SIGNED_DOCUMENT))
                .isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("{\"a\":" + nested(32) + "}", JsonLimits.SIGNED_DOCUMENT))
                .isEqualTo(document("too_large", "depth"));
        assertThat(parse("{\"a\":[0" + ",0".repeat(19_994) + "]}", JsonLimits.SIGNED_DOCUMENT))
                .isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse("{\"a\":[0" + ",0".repeat(19_995) + "]}", JsonLimits.SIGNED_DOCUMENT))
                .isEqualTo(document("too_large", "tokens"));
        assertThat(JsonLimits.TRUST_BUNDLE.maxBytes()).isEqualTo(786_432);
        assertThat(JsonLimits.TOOL_ARGUMENTS.maxBytes()).isEqualTo(262_144);
    }

    @Test
    void aThousandLevelsPassAndAHundredThousandNeverOverflowTheStack() {
        assertThat(parse(nested(1_000), JsonLimits.SUITE)).isInstanceOf(JsonParser.Parsed.class);
        assertThat(parse(nested(1_001), JsonLimits.SUITE)).isEqualTo(document("too_large", "depth"));
        assertThat(parse("[".repeat(100_000), JsonLimits.SUITE)).isEqualTo(document("too_large", "depth"));
        assertThat(parse("{\"a\":".repeat(100_000), JsonLimits.SUITE)).isEqualTo(document("too_large", "depth"));
    }

    @Test
    void limitsMustBePositiveAndNestingBearable() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonLimits(0, 1, 1, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonLimits(1, 0, 1, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonLimits(1, 1, 0, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonLimits(1, 1_001, 1, false, false));
        assertThat(new JsonLimits(1, 1_000, 1, false, false).maxDepth()).isEqualTo(1_000);
    }

    @Test
    void takesTheGrammarOfRfc8259AndNothingElse() {
        long seed = 20_260_104;
        var random = new SplittableRandom(seed);
        String pieces = "{}[]:,\"\\/ubn0123456789eE+-.tfals \t\n\r\f\u00a0\u0130\u0141\u0161\u0661\uff11\u2028\u0000\u007fxN#'";
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            var json = new StringBuilder(random.nextInt(3) == 0
                    ? "[\"\\u00e9\\n\",-0.5e+7,{\"a\":[]}]"
                    : new String(Jcs.bytes(new RandomTrees(random).value(2)), StandardCharsets.UTF_8));
            for (int change = random.nextInt(3); change > 0; change--) {
                int at = random.nextInt(json.length());
                char piece = pieces.charAt(random.nextInt(pieces.length()));
                switch (random.nextInt(3)) {
                    case 0 -> json.insert(at, piece);
                    case 1 -> json.setCharAt(at, piece);
                    default -> json.deleteCharAt(at);
                }
                json.append(json.isEmpty() ? " " : "");
            }
            String text = new String(json.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            JsonParser.Outcome outcome = parse(text, JsonLimits.SUITE);
            boolean grammatical = !(outcome instanceof Rejected rejected)
                    || !(rejected.reason().equals("syntax") || rejected.reason().equals("trailing_content"));
            if (grammatical != Rfc8259.matches(text)) {
                fail("seed %d, round %d: %s for %s", seed, i, outcome, text);
            }
            accepted += grammatical ? 1 : 0;
        }
        assertThat(accepted).isBetween(50_000, 180_000);
    }

    @Test
    void bytesChangedAtRandomAreAnAnswerAndNeverAnException() {
        long seed = 20_260_101;
        var random = new SplittableRandom(seed);
        JsonParser parser = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
        for (int i = 0; i < 20_000; i++) {
            byte[] json = Jcs.bytes(new RandomTrees(random).object(3));
            for (int change = random.nextInt(4); change >= 0; change--) {
                json[random.nextInt(json.length)] = (byte) random.nextInt(256);
            }
            if (parser.parse(json) instanceof JsonParser.Parsed parsed) {
                assertThat(Jcs.canonicalize(parsed.value())).as("seed %d, round %d", seed, i)
                        .isInstanceOf(Jcs.Canonical.class);
            }
        }
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static JsonParser.Outcome parse(String json, JsonLimits limits) {
        return JsonParser.with(limits).parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject parsed(String json) {
        return ((JsonParser.Parsed) parse(json, JsonLimits.SIGNED_DOCUMENT)).object();
    }

    private static Rejected document(String error, String reason) {
        return Rejected.document(error, reason);
    }
}
