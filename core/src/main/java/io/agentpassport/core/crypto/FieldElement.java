package io.agentpassport.core.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/** A number modulo p = 2^255 - 19. The arithmetic is BouncyCastle's; its time varies, so nothing secret is held here. */
final class FieldElement {

    static final FieldElement ONE = of(1);

    /** sqrt(-1) = 2^((p-1)/4), as 2 is no square. */
    private static final FieldElement ROOT_OF_MINUS_ONE = of(2).toQuarterOfPMinusOne();

    private final int[] limbs;

    private FieldElement(int[] limbs) {
        this.limbs = limbs;
    }

    /** A small number, negative or not. */
    static FieldElement of(int number) {
        int[] limbs = X25519Field.create();
        X25519Field.one(limbs);
        X25519Field.mul(limbs, number, limbs);
        return new FieldElement(limbs);
    }

    /** The 255 low bits, little-endian; the top bit is nobody's. */
    static FieldElement decode(byte[] bytes) {
        int[] limbs = X25519Field.create();
        X25519Field.decode255(bytes, limbs);
        return new FieldElement(limbs);
    }

    static FieldElement rootOfMinusOne() {
        return ROOT_OF_MINUS_ONE;
    }

    FieldElement plus(FieldElement other) {
        int[] sum = X25519Field.create();
        X25519Field.add(limbs, other.limbs, sum);
        X25519Field.carry(sum);
        return new FieldElement(sum);
    }

    FieldElement minus(FieldElement other) {
        int[] difference = X25519Field.create();
        X25519Field.sub(limbs, other.limbs, difference);
        X25519Field.carry(difference);
        return new FieldElement(difference);
    }

    FieldElement negated() {
        int[] negative = X25519Field.create();
        X25519Field.negate(limbs, negative);
        return new FieldElement(negative);
    }

    FieldElement times(FieldElement other) {
        int[] product = X25519Field.create();
        X25519Field.mul(limbs, other.limbs, product);
        return new FieldElement(product);
    }

    FieldElement squared() {
        return squared(1);
    }

    /** To the power of 2^times. */
    private FieldElement squared(int times) {
        int[] power = X25519Field.create();
        X25519Field.sqr(limbs, times, power);
        return new FieldElement(power);
    }

    /** 1/x. */
    FieldElement inverse() {
        int[] inverse = X25519Field.create();
        X25519Field.invVar(limbs, inverse);
        return new FieldElement(inverse);
    }

    boolean isSameAs(FieldElement other) {
        int[] difference = X25519Field.create();
        X25519Field.sub(limbs, other.limbs, difference);
        X25519Field.carry(difference);
        X25519Field.normalize(difference);
        return X25519Field.isZeroVar(difference);
    }

    /** A square root, or null when there is none. */
    @Nullable
    FieldElement squareRoot() {
        FieldElement candidate = rootCandidate();
        FieldElement square = candidate.squared();
        if (square.isSameAs(this)) {
            return candidate;
        }
        return square.isSameAs(negated()) ? candidate.times(ROOT_OF_MINUS_ONE) : null;
    }

    /**
     * x^((p+3)/8) = x^(2^252 - 2): its square is x or -x when x is a square, and otherwise x times a root of -1, for it is
     * x·x^((p-1)/4).
     */
    FieldElement rootCandidate() {
        return to2Power250Minus1().squared(2).times(squared());
    }

    /** Whether it is the fourth power of a number; x must not be 0. */
    boolean isFourthPower() {
        return toQuarterOfPMinusOne().isSameAs(ONE);
    }

    /** x^((p-1)/4) = x^(2^253 - 5): the quartic character, 1 for fourth powers alone. */
    private FieldElement toQuarterOfPMinusOne() {
        return to2Power250Minus1().squared(3).times(squared()).times(this);
    }

    /** x^(2^250 - 1): from x^(2^a - 1) and x^(2^b - 1), a times squared, to x^(2^(a+b) - 1). */
    private FieldElement to2Power250Minus1() {
        FieldElement ones2 = squared().times(this);
        FieldElement ones4 = ones2.squared(2).times(ones2);
        FieldElement ones5 = ones4.squared().times(this);
        FieldElement ones10 = ones5.squared(5).times(ones5);
        FieldElement ones20 = ones10.squared(10).times(ones10);
        FieldElement ones40 = ones20.squared(20).times(ones20);
        FieldElement ones50 = ones40.squared(10).times(ones10);
        FieldElement ones100 = ones50.squared(50).times(ones50);
        FieldElement ones200 = ones100.squared(100).times(ones100);
        return ones200.squared(50).times(ones50);
    }
}
