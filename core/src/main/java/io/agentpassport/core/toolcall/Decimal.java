package io.agentpassport.core.toolcall;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonNumber;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An exact decimal of at most 18 digits before the point and 18 after it: what costs, limits and budgets are counted in.
 * Nothing is ever rounded; a result that does not fit is null, and the caller refuses.
 *
 * <p>
 * One value has one text: {@code -?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?}, no exponent, no trailing zero, no negative zero.
 */
public final class Decimal implements Comparable<Decimal> {

    /** The most digits before the point. */
    public static final int MAX_INTEGER_DIGITS = 18;

    /** The most digits after the point. */
    public static final int MAX_FRACTION_DIGITS = 18;

    /** 0. */
    public static final Decimal ZERO = new Decimal(BigDecimal.ZERO);

    /** 1. */
    public static final Decimal ONE = new Decimal(BigDecimal.ONE);

    /** Without trailing zeros after the point, and with a scale of 0 to 18. */
    private final BigDecimal value;

    private Decimal(BigDecimal value) {
        this.value = value;
    }

    /**
     * The decimal of a text {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?}; trailing zeros are let in. Null for any other text, for
     * {@code -0}, and for more than 18 digits on either side of the point.
     */
    public static @Nullable Decimal fromText(@Nullable String text) {
        return text == null || !isDecimalText(text) ? null : bounded(new BigDecimal(text));
    }

    /**
     * The decimal that the number's ECMAScript text says: 0.1 is one tenth. Null when it does not fit, or is no number;
     * both zeros are 0.
     */
    public static @Nullable Decimal fromNumber(double number) {
        if (!Double.isFinite(number)) {
            return null;
        }
        var json = new JsonNumber(number);
        if (json.isSafeInteger()) {
            return of((long) number);
        }
        return bounded(new BigDecimal(new String(Jcs.bytes(json), StandardCharsets.US_ASCII)));
    }

    /**
     * The decimal of a whole number.
     *
     * @throws IllegalArgumentException for one of 19 digits
     */
    public static Decimal of(long number) {
        Decimal decimal = bounded(BigDecimal.valueOf(number));
        if (decimal == null) {
            throw new IllegalArgumentException("a decimal has at most 18 digits before the point");
        }
        return decimal;
    }

    /** The decimal of that very value, whatever its scale; null when it does not fit. */
    public static @Nullable Decimal fromBigDecimal(BigDecimal number) {
        return bounded(number);
    }

    /** The same value, with a scale of {@link #fractionDigits}. */
    public BigDecimal toBigDecimal() {
        return value;
    }

    /** The sum, or null when it does not fit. */
    public @Nullable Decimal plus(Decimal other) {
        return bounded(value.add(other.value));
    }

    /** The difference, or null when it does not fit. */
    public @Nullable Decimal minus(Decimal other) {
        return bounded(value.subtract(other.value));
    }

    /** The product, or null when it does not fit, also for a digit too many after the point. */
    public @Nullable Decimal times(Decimal other) {
        return bounded(value.multiply(other.value));
    }

    /** This with the other sign. */
    public Decimal negated() {
        return new Decimal(value.negate());
    }

    /** -1, 0 or 1. */
    public int sign() {
        return value.signum();
    }

    /** How many digits its text has after the point, 0 to 18. */
    public int fractionDigits() {
        return value.scale();
    }

    /** The smaller of the two. */
    public Decimal min(Decimal other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The larger of the two. */
    public Decimal max(Decimal other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(Decimal other) {
        return value.compareTo(other.value);
    }

    /** The one text of this value. */
    public String text() {
        return value.toPlainString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Decimal that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    private static @Nullable Decimal bounded(BigDecimal exact) {
        if (exact.signum() == 0) {
            return ZERO;
        }
        // Digits are judged before a huge exponent is written out.
        BigDecimal stripped = exact.stripTrailingZeros();
        if (stripped.precision() - stripped.scale() > MAX_INTEGER_DIGITS || stripped.scale() > MAX_FRACTION_DIGITS) {
            return null;
        }
        return new Decimal(stripped.scale() < 0 ? stripped.setScale(0) : stripped);
    }

    private static boolean isDecimalText(String text) {
        int end = text.length();
        int at = text.startsWith("-") ? 1 : 0;
        if (end > 1 + MAX_INTEGER_DIGITS + 1 + MAX_FRACTION_DIGITS) {
            return false;
        }
        int integerEnd = digitsEnd(text, at);
        if (integerEnd == at || (text.charAt(at) == '0' && integerEnd > at + 1)
                || integerEnd - at > MAX_INTEGER_DIGITS) {
            return false;
        }
        if (integerEnd < end) {
            if (text.charAt(integerEnd) != '.' || integerEnd + 1 == end || digitsEnd(text, integerEnd + 1) < end
                    || end - integerEnd - 1 > MAX_FRACTION_DIGITS) {
                return false;
            }
        }
        return at == 0 || !isZero(text);
    }

    private static boolean isZero(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '1') {
                return false;
            }
        }
        return true;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
