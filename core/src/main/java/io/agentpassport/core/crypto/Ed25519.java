package io.agentpassport.core.crypto;

import java.security.GeneralSecurityException;

/**
 * Ed25519 (RFC 8032) by one rule, the same whatever provider does the arithmetic. A signature verifies when
 * <ol>
 * <li>the key has 32 bytes and the signature 64,
 * <li>S is below L,
 * <li>A and R are canonical encodings (y below p, and no sign bit on x = 0),
 * <li>A and R are none of the 8 points of small order,
 * <li>and the cofactorless equation S·B = R + k·A holds.
 * </ol>
 * Rules 1 to 4 come first, in this class; on what they leave, providers agree.
 */
public final class Ed25519 {

    private Ed25519() {}

    /** The provider in use, for status output and benchmarks. */
    public static String providerName() {
        return Ed25519Provider.name();
    }

    /** Whether the signature of the message verifies under the key. Never throws, whatever the bytes are. */
    public static boolean verify(PublicKey key, byte[] message, Signature signature) {
        byte[] encoded = signature.bytes();
        if (!EdwardsEncoding.isReducedScalar(encoded, 32) || !isAcceptable(key.bytes(), 0)
                || !isAcceptable(encoded, 0)) {
            return false;
        }
        try {
            java.security.Signature verifier = Ed25519Provider.newSignature();
            verifier.initVerify(key.providerKey());
            verifier.update(message);
            return verifier.verify(encoded);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Providers answer malformed keys and signatures with exceptions of many kinds: all mean "not valid".
            return false;
        }
    }

    /** As {@link #verify(PublicKey, byte[], Signature)} for raw bytes of any length. */
    public static boolean verify(byte[] key, byte[] message, byte[] signature) {
        return key.length == PublicKey.BYTES && signature.length == Signature.BYTES
                && verify(PublicKey.of(key), message, Signature.of(signature));
    }

    /**
     * Whether the key is a point of the prime-order subgroup. Asked once for each key that is issued to or taken as an
     * anchor, so that two keys never stand for one identity; it is no part of verification.
     */
    public static boolean isInPrimeOrderSubgroup(PublicKey key) {
        return isAcceptable(key.bytes(), 0) && PrimeOrderSubgroup.contains(key.bytes());
    }

    private static boolean isAcceptable(byte[] point, int offset) {
        return EdwardsEncoding.isCanonicalPoint(point, offset) && !EdwardsEncoding.isSmallOrderPoint(point, offset);
    }
}
