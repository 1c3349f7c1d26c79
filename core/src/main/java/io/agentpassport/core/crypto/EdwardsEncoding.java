package io.agentpassport.core.crypto;

import java.util.HexFormat;

/**
 * Rules on the 32-byte encodings of points and scalars of edwards25519 (RFC 8032 section 5.1) that need no curve
 * arithmetic: little-endian, the top bit of a point is the sign of x.
 */
final class EdwardsEncoding {

    /** L, the order of the base point: 2^252 + 27742317777372353535851937790883648493. */
    private static final byte[] ORDER = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    /** p = 2^255 - 19, the field's prime. */
    private static final byte[] PRIME = hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    private static final byte[] ONE = hex("0100000000000000000000000000000000000000000000000000000000000000");
    private static final byte[] MINUS_ONE = hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    private static final byte[] ZERO = new byte[32];
    /** The y of the four points of order 8: two values, each with both signs of x. */
    private static final byte[] ORDER_8_A = hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    private static final byte[] ORDER_8_B = hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

    private EdwardsEncoding() {}

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** True for S below L. */
    static boolean isReducedScalar(byte[] bytes, int offset) {
        return isBelow(bytes, offset, 0xFF, ORDER);
    }

    /** True for y below p, and not the sign bit on a point whose x is 0. */
    static boolean isCanonicalPoint(byte[] bytes, int offset) {
        if (!isBelow(bytes, offset, 0x7F, PRIME)) {
            return false;
        }
        boolean sign = (bytes[offset + 31] & 0x80) != 0;
        return !(sign && (hasY(bytes, offset, ONE) || hasY(bytes, offset, MINUS_ONE)));
    }

    /** True for the canonical encodings of the 8 points whose order divides 8. */
    static boolean isSmallOrderPoint(byte[] bytes, int offset) {
        return hasY(bytes, offset, ZERO) || hasY(bytes, offset, ONE) || hasY(bytes, offset, MINUS_ONE)
                || hasY(bytes, offset, ORDER_8_A) || hasY(bytes, offset, ORDER_8_B);
    }

    private static boolean isBelow(byte[] bytes, int offset, int topMask, byte[] bound) {
        for (int i = 31; i >= 0; i--) {
            int mask = i == 31 ? topMask : 0xFF;
            int difference = (bytes[offset + i] & mask) - (bound[i] & 0xFF);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static boolean hasY(byte[] bytes, int offset, byte[] y) {
        for (int i = 0; i < 31; i++) {
            if (bytes[offset + i] != y[i]) {
                return false;
            }
        }
        return (bytes[offset + 31] & 0x7F) == y[31];
    }
}
