package io.agentpassport.core.crypto;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The equation S·B = R + k·A by the formulas of RFC 8032 section 5.1.4, and nothing more: any S, any encoding whose y
 * reduces to a point, points of any order. What the rule's guards refuse, this takes.
 */
final class EdwardsArithmetic {

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = BigInteger.TWO.pow(252)
            .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);
    private static final BigInteger SQRT_MINUS_1 = BigInteger.TWO
            .modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
    private static final Point IDENTITY = new Point(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);
    private static final Point BASE = base();

    private EdwardsArithmetic() {}

    /** Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
    private record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {

        Point plus(Point other) {
            BigInteger a = y.subtract(x).multiply(other.y.subtract(other.x)).mod(P);
            BigInteger b = y.add(x).multiply(other.y.add(other.x)).mod(P);
            BigInteger c = t.multiply(other.t).multiply(D).shiftLeft(1).mod(P);
            BigInteger d = z.multiply(other.z).shiftLeft(1).mod(P);
            BigInteger e = b.subtract(a);
            BigInteger f = d.subtract(c);
            BigInteger g = d.add(c);
            BigInteger h = b.add(a);
            return new Point(e.multiply(f).mod(P), g.multiply(h).mod(P), f.multiply(g).mod(P), e.multiply(h).mod(P));
        }

        Point times(BigInteger scalar) {
            Point result = IDENTITY;
            for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
                result = result.plus(result);
                if (scalar.testBit(bit)) {
                    result = result.plus(this);
                }
            }
            return result;
        }

        boolean isSameAs(Point other) {
            return x.multiply(other.z).subtract(other.x.multiply(z)).mod(P).signum() == 0
                    && y.multiply(other.z).subtract(other.y.multiply(z)).mod(P).signum() == 0;
        }
    }

    /** Whether the equation holds for these 32 and 64 bytes; false when A or R is no point of the curve. */
    static boolean holds(byte[] key, byte[] message, byte[] signature) {
        Point a = decode(key);
        Point r = decode(Arrays.copyOf(signature, 32));
        if (a == null || r == null) {
            return false;
        }
        BigInteger s = littleEndian(Arrays.copyOfRange(signature, 32, 64));
        return BASE.times(s).isSameAs(r.plus(a.times(challenge(key, message, signature))));
    }

    /** The sum of two points, as its canonical encoding. */
    static byte[] sum(byte[] one, byte[] other) {
        return encode(Objects.requireNonNull(decode(one)).plus(Objects.requireNonNull(decode(other))));
    }

    private static byte[] encode(Point point) {
        BigInteger inverse = point.z.modInverse(P);
        BigInteger x = point.x.multiply(inverse).mod(P);
        BigInteger bits = point.y.multiply(inverse).mod(P);
        if (x.testBit(0)) {
            bits = bits.setBit(255);
        }
        var encoded = new byte[32];
        for (int i = 0; i < 32; i++) {
            encoded[i] = bits.shiftRight(8 * i).byteValue();
        }
        return encoded;
    }

    private static BigInteger challenge(byte[] key, byte[] message, byte[] signature) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(signature, 0, 32);
            digest.update(key);
            // Reduced, as everybody does: for a key with a component of small order it makes a difference.
            return littleEndian(digest.digest(message)).mod(L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger littleEndian(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }

    private static @Nullable Point decode(byte[] encoded) {
        BigInteger bits = littleEndian(encoded);
        return withY(bits.clearBit(255).mod(P), bits.testBit(255));
    }

    private static @Nullable Point withY(BigInteger y, boolean odd) {
        BigInteger u = y.multiply(y).subtract(BigInteger.ONE).mod(P);
        BigInteger v = D.multiply(y).multiply(y).add(BigInteger.ONE).mod(P);
        BigInteger quotient = u.multiply(v.modInverse(P)).mod(P);
        BigInteger x = quotient.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!x.multiply(x).mod(P).equals(quotient)) {
            x = x.multiply(SQRT_MINUS_1).mod(P);
        }
        if (!x.multiply(x).mod(P).equals(quotient)) {
            return null;
        }
        if (x.testBit(0) != odd) {
            x = P.subtract(x).mod(P);
        }
        return new Point(x, y, BigInteger.ONE, x.multiply(y).mod(P));
    }

    private static Point base() {
        Point base = withY(BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P), false);
        if (base == null) {
            throw new IllegalStateException("the base point is on the curve");
        }
        return base;
    }
}
