package io.agentpassport.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.erdtman.jcs.JsonCanonicalizer;
import org.erdtman.jcs.NumberToJSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JcsTest {

    private static final long SEED = 20_260_102;

    @Test
    void writesWhatThePublishedLibraryWrites() throws IOException {
        var random = new SplittableRandom(SEED);
        for (int i = 0; i < 5_000; i++) {
            JsonObject tree = new RandomTrees(random).object(4);
            byte[] ours = Jcs.bytes(tree);

            // The library reads our text, sorts and writes it anew: sorting, escapes and number text must all agree.
            assertThat(new String(ours, StandardCharsets.UTF_8)).as("seed %d, round %d", SEED, i)
                    .isEqualTo(new JsonCanonicalizer(ours).getEncodedString());
        }
    }

    @Test
    void whatIsKeptIsWrittenTheSameWayWhereverItIsAPart() {
        var random = new SplittableRandom(SEED + 2);
        for (int i = 0; i < 1_000; i++) {
            JsonObject part = new RandomTrees(random).object(3);
            JsonObject whole = JsonObject.builder().put("a", 1).put("part", part).put("z", "ü").build();
            byte[] before = Jcs.bytes(whole);
            byte[] kept = Jcs.keptBytes(part);

            assertThat(kept).isEqualTo(Jcs.bytes(part)).isSameAs(Jcs.keptBytes(part));
            assertThat(Jcs.bytes(whole)).as("seed %d, round %d", SEED + 2, i).isEqualTo(before);
        }
    }

    @Test
    void whatWasKeptIsStillRefusedForSigning() {
        JsonObject unsafe = JsonObject.builder().put("n", 1e16).build();
        Jcs.keptBytes(unsafe);
        assertThat(Jcs.canonicalizeForSigning(unsafe)).isInstanceOf(Rejected.class);
    }

    @Test
    void sortsAndEscapesWhatAnotherWriterWroteAsTheLibraryDoes() throws IOException {
        var random = new SplittableRandom(SEED + 1);
        JsonParser parser = JsonParser.with(JsonLimits.SUITE);
        for (int i = 0; i < 5_000; i++) {
            String text = shuffledText(new RandomTrees(random).object(4), random);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            JsonValue parsed = ((JsonParser.Parsed) parser.parse(utf8)).value();

            assertThat(new String(Jcs.bytes(parsed), StandardCharsets.UTF_8)).as("seed %d, round %d", SEED + 1, i)
                    .isEqualTo(new JsonCanonicalizer(utf8).getEncodedString());
        }
    }

    @Test
    void whatIsWrittenReadsBackAsTheSameBytes() {
        var random = new SplittableRandom(SEED + 2);
        JsonParser parser = JsonParser.with(JsonLimits.SUITE);
        for (int i = 0; i < 5_000; i++) {
            byte[] once = Jcs.bytes(new RandomTrees(random).value(5));
            byte[] twice = Jcs.bytes(((JsonParser.Parsed) parser.parse(once)).value());

            assertThat(twice).as("seed %d, round %d", SEED + 2, i).isEqualTo(once);
        }
    }

    @Test
    void aMillionNumbersHaveTheirShortestTextInTheFormOfEcmaScript() throws IOException {
        var random = new SplittableRandom(SEED + 3);
        var trees = new RandomTrees(random);
        for (int i = 0; i < 1_000_000; i++) {
            double value = trees.number();
            String text = new String(Jcs.bytes(new JsonNumber(value)), StandardCharsets.UTF_8);
            // Java's own text has the fewest digits as well, in another layout.
            boolean right = text.equals(NumberToJSON.serializeNumber(value)) && Double.parseDouble(text) == value
                    && (i % 16 != 0 || new BigDecimal(text).compareTo(new BigDecimal(Double.toString(value))) == 0);
            if (!right) {
                fail("seed %d, round %d: %s is not the text of %s", SEED + 3, i, text, value);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-0.0,0", "1,1", "-1,-1", "1e21,1e+21", "1e20,100000000000000000000", "1e-6,0.000001",
        "1e-7,1e-7", "4.9e-324,5e-324", "1.7976931348623157e308,1.7976931348623157e+308",
        "9007199254740991,9007199254740991", "9007199254740992,9007199254740992", "0.1,0.1", "-123.456,-123.456",
        "333333333.33333329,333333333.3333333", "1e23,1e+23", "9007199254740994,9007199254740994"})
    void writesNumbersAsEcmaScriptDoes(double value, String text) {
        assertThat(new String(Jcs.bytes(new JsonNumber(value)), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void sortsNamesByCodeUnitNotByCodePoint() {
        JsonObject object = JsonObject.builder().put("\ufb33", 1).put("\ud83d\ude00", 2).put("a", 3).put("", 4).build();

        assertThat(new String(Jcs.bytes(object), StandardCharsets.UTF_8))
                .isEqualTo("{\"\":4,\"a\":3,\"\ud83d\ude00\":2,\"\ufb33\":1}");
    }

    @Test
    void escapesOnlyWhatMustBe() {
        String text = "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\u00e9";

        assertThat(new String(Jcs.bytes(new JsonString(text)), StandardCharsets.UTF_8))
                .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028\u00e9\"");
    }

    @Test
    void growsForTextsOfAnyLength() {
        for (int length = 1_200; length < 1_400; length++) {
            String text = "\u20ac".repeat(length);

            assertThat(Jcs.bytes(new JsonString(text)))
                    .isEqualTo(("\"" + text + "\"").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void refusesALoneHalfWhereverItStands() {
        for (String text : List.of("\ud800", "\udc00", "x\ud800", "\ud800x", "\udc00\ud800", "\ud800\ud800\udc00")) {
            assertThat(Jcs.canonicalize(new JsonString(text))).isEqualTo(
                    new Rejected("invalid_unicode", "lone_surrogate", "$"));
            assertThat(
                    Jcs.canonicalize(JsonObject.builder().put("a", JsonObject.builder().put(text, 1).build()).build()))
                    .isEqualTo(new Rejected("invalid_unicode", "lone_surrogate", "$.a"));
        }
    }

    @Test
    void refusesNumbersThatAreNotFinite() {
        for (double value : new double[]{Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThat(Jcs.canonicalize(new JsonArray(List.of(new JsonNumber(0), new JsonNumber(value)))))
                    .isEqualTo(new Rejected("invalid_number", "non_finite", "$[1]"));
        }
    }

    @Test
    void signsIntegersUpToTheSafeOneAndFractionsBeyond() {
        assertThat(Jcs.canonicalizeForSigning(new JsonNumber(9007199254740991d))).isInstanceOf(Jcs.Canonical.class);
        assertThat(Jcs.canonicalizeForSigning(new JsonNumber(-9007199254740991d))).isInstanceOf(Jcs.Canonical.class);
        assertThat(Jcs.canonicalizeForSigning(new JsonNumber(4503599627370495.5))).isInstanceOf(Jcs.Canonical.class);
        for (double unsafe : new double[]{9007199254740992d, -9007199254740992d, 1e300}) {
            assertThat(Jcs.canonicalizeForSigning(JsonObject.builder().put("n", unsafe).build())).isEqualTo(
                    new Rejected("invalid_number", "integer_exceeds_interoperable_range", "$.n"));
            assertThat(Jcs.canonicalize(new JsonNumber(unsafe))).isInstanceOf(Jcs.Canonical.class);
        }
    }

    @Test
    void theFirstOffenceInCanonicalOrderIsTheAnswer() {
        JsonObject object = JsonObject.builder()
                .put("z", "\ud800")
                .put("b", 1e300)
                .put("a", new JsonArray(List.of(JsonNull.NULL, JsonObject.builder().put("x", 1e300).build())))
                .build();

        assertThat(Jcs.canonicalizeForSigning(object)).isEqualTo(
                new Rejected("invalid_number", "integer_exceeds_interoperable_range", "$.a[1].x"));
        assertThat(Jcs.canonicalize(object)).isEqualTo(new Rejected("invalid_unicode", "lone_surrogate", "$.z"));
    }

    @Test
    void aValueThatNeverPassedTheGateIsTheCallersMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.bytes(new JsonString("\ud800")))
                .withMessageContaining("lone_surrogate");
    }

    /** The tree as somebody else may write it: members in another order, white space, other escapes. */
    private static String shuffledText(JsonValue value, SplittableRandom random) {
        if (value instanceof JsonObject object) {
            var text = new StringBuilder("{ ");
            for (int i = object.size() - 1; i >= 0; i--) {
                text.append(escaped(object.name(i), random))
                        .append("\n:")
                        .append(shuffledText(object.value(i), random))
                        .append(i == 0 ? "" : " ,");
            }
            return text.append("\t}").toString();
        }
        if (value instanceof JsonArray array) {
            return "[" + String.join(" , ", array.values().stream().map(v -> shuffledText(v, random)).toList()) + "]";
        }
        if (value instanceof JsonString string) {
            return escaped(string.value(), random);
        }
        return value instanceof JsonNumber number
                ? Double.toString(number.value())
                : new String(Jcs.bytes(value), StandardCharsets.UTF_8);
    }

    private static String escaped(String text, SplittableRandom random) {
        var escaped = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lowOfPlainPair = Character.isLowSurrogate(c) && escaped.charAt(escaped.length() - 1) > 0xff;
            if (c < 0x20 || c == '"' || c == '\\' || (random.nextInt(4) == 0 && !lowOfPlainPair)
                    || (Character.isLowSurrogate(c) && !lowOfPlainPair)) {
                escaped.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.append('"').toString();
    }
}
