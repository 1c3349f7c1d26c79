package io.agentpassport.core.toolcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {

    @ParameterizedTest
    @CsvSource({"0,0", "0.00,0", "12.50,12.5", "-3,-3", "-0.10,-0.1", "100,100",
        "999999999999999999.999999999999999999,999999999999999999.999999999999999999",
        "0.000000000000000001,0.000000000000000001"})
    void oneValueHasOneText(String text, String canonical) {
        assertThat(decimal(text).text()).isEqualTo(canonical);
        assertThat(decimal(text)).isEqualTo(decimal(canonical)).hasSameHashCodeAs(decimal(canonical));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "1.", ".5", "01", "-0", "-0.0", "+1", "1e3", "1E3", " 1", "1 ", "1,5", "0x1",
        "NaN", "Infinity", "\u0661", "1000000000000000000", "0.0000000000000000001", "1.0000000000000000000",
        "--1", "1.-5", "1.5.5"})
    void refusesWhatIsNoDecimalOrDoesNotFit(String text) {
        assertThat(Decimal.fromText(text)).isNull();
    }

    @Test
    void readsANumberByItsEcmaScriptText() {
        assertThat(text(0.1)).isEqualTo("0.1");
        assertThat(text(-0.0)).isEqualTo("0");
        assertThat(text(1e17)).isEqualTo("100000000000000000");
        assertThat(text(1e18)).isNull();
        assertThat(text(1e-18)).isEqualTo("0.000000000000000001");
        assertThat(text(1e-19)).isNull();
        assertThat(text(1.1e-18)).isNull();
        assertThat(text(Double.MAX_VALUE)).isNull();
        assertThat(text(Double.NaN)).isNull();
        assertThat(text(Double.NEGATIVE_INFINITY)).isNull();
    }

    @Test
    void whatDoesNotFitIsNotRounded() {
        Decimal largest = decimal("999999999999999999.999999999999999999");
        Decimal smallest = decimal("0.000000000000000001");

        assertThat(largest.plus(smallest)).isNull();
        assertThat(largest.negated().minus(smallest)).isNull();
        assertThat(largest.minus(smallest)).hasToString("999999999999999999.999999999999999998");
        assertThat(smallest.times(decimal("0.1"))).isNull();
        assertThat(smallest.times(Decimal.of(10))).hasToString("0.00000000000000001");
        assertThat(decimal("1000000000").times(decimal("1000000000"))).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> Decimal.of(1_000_000_000_000_000_000L));
    }

    @Test
    void countsAsExactArithmeticDoes() {
        long seed = 20_261_122;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 50_000; round++) {
            BigDecimal a = number(random);
            BigDecimal b = number(random);
            Decimal x = decimal(a.toPlainString());
            Decimal y = decimal(b.toPlainString());
            String at = "seed " + seed + ", round " + round;

            agree(at, x.plus(y), a.add(b));
            agree(at, x.minus(y), a.subtract(b));
            agree(at, x.times(y), a.multiply(b));
            assertThat(x.compareTo(y)).as(at).isEqualTo(a.compareTo(b));
            assertThat(x.sign()).as(at).isEqualTo(a.signum());
            assertThat(x.equals(y)).as(at).isEqualTo(a.compareTo(b) == 0);
        }
    }

    @Test
    void moneyIsAnAmountOfOneCurrency() {
        JsonObject json = JsonObject.builder().put("amount", "12.50").put("currency", "USD").build();

        assertThat(Money.fromJson(json)).hasToString("12.5 USD");
        assertThat(Money.fromJson(json.without("currency"))).isNull();
        assertThat(Money.fromJson(json.with("x", json))).isNull();
        assertThat(Money.isCurrency("US")).isFalse();
        assertThat(Money.isCurrency("usd")).isFalse();
        assertThat(Money.isCurrency("ABCDEFGH")).isTrue();
        assertThat(Money.isCurrency("ABCDEFGHI")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(Decimal.ONE, "dollars"));
    }

    private static void agree(String at, @Nullable Decimal result, BigDecimal exact) {
        BigDecimal stripped = exact.stripTrailingZeros();
        boolean fits = stripped.precision() - stripped.scale() <= 18 && stripped.scale() <= 18;
        assertThat(result == null ? null : result.text()).as(at)
                .isEqualTo(exact.signum() == 0 ? "0" : fits ? stripped.toPlainString() : null);
    }

    private static BigDecimal number(SplittableRandom random) {
        int integer = random.nextInt(1, 19);
        int fraction = random.nextInt(0, 19);
        var unscaled = new StringBuilder(random.nextBoolean() ? "-" : "");
        for (int i = integer + fraction; i > 0; i--) {
            unscaled.append((char) ('0' + random.nextInt(10)));
        }
        BigDecimal number = new BigDecimal(new BigInteger(unscaled.toString()), fraction);
        return number.signum() == 0 ? BigDecimal.ZERO : number;
    }

    private static @Nullable String text(double number) {
        Decimal decimal = Decimal.fromNumber(number);
        return decimal == null ? null : decimal.text();
    }

    private static Decimal decimal(String text) {
        return Objects.requireNonNull(Decimal.fromText(text), text);
    }
}
