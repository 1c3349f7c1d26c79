package io.agentpassport.server.upstream.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInToolTest {

    private static final BuiltInTool CALCULATOR = new Calculator();
    private static final BuiltInTool CLOCK = new ZonedClock(() -> Instant.parse("2026-03-01T12:00:00.123456Z"));

    private static JsonObject compute(String expression) {
        return CALCULATOR.run(JsonObject.builder().put("expression", expression).build());
    }

    private static JsonObject structured(JsonObject result) {
        assertThat(result.get("isError")).isEqualTo(JsonBoolean.FALSE);
        return Objects.requireNonNull(result.object("structuredContent"));
    }

    @ParameterizedTest
    @CsvSource({"1 + 2 * 3,7", "(2 + 3) * 4,20", "0.1 + 0.2,0.3", "10 / 4,2.5", "7 % 3,1", "2 ^ 10,1024", "-3 + 1,-2",
        "SQRT(2) * SQRT(2) < 3,no", "FLOOR(2.7) + CEILING(2.1) + ABS(-1),6",
        "1 / 3,0.3333333333333333333333333333333333",
        "9 ^ 99 * 0,0"})
    void computesWithDecimals(String expression, String value) {
        JsonObject result = compute(expression);
        if (value.equals("no")) {
            assertThat(result.get("isError")).isEqualTo(JsonBoolean.TRUE);
        } else {
            assertThat(structured(result).string("result")).isEqualTo(value);
        }
    }

    @Test
    void computesMaxMinAndSum() {
        assertThat(structured(compute("MAX(1, 2) + MIN(3, 4) + SUM(1, 2, 3)")).string("result")).isEqualTo("11");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 +", "1 / 0", "x", "PI", "RANDOM()", "FACT(100000)", "DT_NOW()", "\"a\" + \"b\"",
        "STR_FORMAT(\"%s\", 1)", "1e999999999", "FLOOR(1e999999999)", "9^999999999", "FLOOR(10^999999999)",
        "9^9^9^9", "1e-999999999 + 1", "SQRT(10^2000)", "FLOOR(9e999*9e999*9e999)", "1/(1/(10^900))^2", "SQRT(-1)",
        "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1", "1 ^ 2147483648"})
    void refusesWhatHasNoValueOrWouldTakeTooMuch(String expression) {
        assertThat(compute(expression).get("isError")).isEqualTo(JsonBoolean.TRUE);
    }

    @Test
    void refusesAnExpressionThatIsTooLong() {
        assertThat(compute("1" + "+1".repeat(127)).get("isError")).isEqualTo(JsonBoolean.FALSE);
        assertThat(compute("11" + "+1".repeat(127) + "1").get("isError")).isEqualTo(JsonBoolean.TRUE);
    }

    @Test
    void saysWhatTimeItIsInAZone() {
        JsonObject answer = structured(CLOCK.run(JsonObject.builder().put("zone", "Asia/Kolkata").build()));
        assertThat(answer.string("instant")).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(answer.string("local")).isEqualTo("2026-03-01T17:30:00.123+05:30");
        assertThat(structured(CLOCK.run(JsonObject.EMPTY)).string("zone")).isEqualTo("UTC");
        assertThat(CLOCK.run(JsonObject.builder().put("zone", "Nowhere").build()).get("isError"))
                .isEqualTo(JsonBoolean.TRUE);
    }

    @Test
    void echoes() {
        JsonObject message = JsonObject.builder().put("message", "hello").build();
        assertThat(structured(new Echo().run(message))).isEqualTo(message);
        assertThat(new Echo().run(message.with("more", message)).get("isError")).isEqualTo(JsonBoolean.TRUE);
        assertThat(new Echo().run(JsonObject.builder().put("message", "x".repeat(4097)).build()).get("isError"))
                .isEqualTo(JsonBoolean.TRUE);
    }

    @Test
    void saysOfEachToolThatItOnlyReads() {
        for (BuiltInTool tool : BuiltInTool.all(Instant::now)) {
            JsonObject annotations = Objects.requireNonNull(tool.definition().object("annotations"));
            assertThat(annotations.get("readOnlyHint")).isEqualTo(JsonBoolean.TRUE);
            assertThat(List.of("calculator", "clock", "echo")).contains(tool.definition().string("name"));
        }
    }
}
