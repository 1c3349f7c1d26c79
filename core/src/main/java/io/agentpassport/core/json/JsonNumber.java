package io.agentpassport.core.json;

/** A number as binary64. One that passed the gate is finite. */
public record JsonNumber(double value) implements JsonValue {

    /** The largest integer n such that n and n - 1 are both exact in binary64: 2^53 - 1. */
    public static final long MAX_SAFE_INTEGER = 9_007_199_254_740_991L;

    /** True for a number without a fraction, of any magnitude. */
    public boolean isInteger() {
        return value == Math.rint(value) && !Double.isInfinite(value);
    }

    /** True for an integer within ±(2^53 - 1), which every implementation reads alike. */
    public boolean isSafeInteger() {
        return isInteger() && Math.abs(value) <= MAX_SAFE_INTEGER;
    }
}
