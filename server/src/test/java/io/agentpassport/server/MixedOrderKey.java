package io.agentpassport.server;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedStatement;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The twin of a good key: the same point plus the one of order 2. It is no point of the prime-order subgroup, yet whoever
 * holds the good key can make signatures that verify under the twin too.
 */
public final class MixedOrderKey {

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = BigInteger.TWO.pow(252)
            .add(new BigInteger("27742317777372353535851937790883648493"));

    private MixedOrderKey() {}

    /** (x, y) plus (0, -1) is (-x, -y). */
    public static PublicKey of(PublicKey good) {
        byte[] encoded = good.toByteArray();
        int sign = encoded[31] & 0x80;
        encoded[31] &= 0x7f;
        byte[] twin = littleEndian(P.subtract(number(encoded)));
        twin[31] |= (byte) (sign ^ 0x80);
        return PublicKey.of(twin);
    }

    /** Signs with the good key's seed so that it verifies under the twin: the hash must be even, so that 2 divides it out. */
    public static SignedStatement sign(JsonObject statement, byte[] seed, PublicKey twin) {
        byte[] message = Jcs.bytes(statement);
        NonceSource nonces = TestService.seeded(99);
        while (true) {
            byte[] once = nonces.bytes(32);
            byte[] r = Signer.fromSeed(once).publicKey().toByteArray();
            BigInteger k = number(sha512(r, twin.toByteArray(), message)).mod(L);
            if (!k.testBit(0)) {
                byte[] s = littleEndian(scalar(once).add(k.multiply(scalar(seed))).mod(L));
                byte[] signature = Arrays.copyOf(r, 64);
                System.arraycopy(s, 0, signature, 32, 32);
                return new SignedStatement(statement, Signature.of(signature));
            }
        }
    }

    private static BigInteger scalar(byte[] seed) {
        byte[] half = Arrays.copyOf(sha512(seed), 32);
        half[0] &= (byte) 0xf8;
        half[31] &= 0x7f;
        half[31] |= 0x40;
        return number(half);
    }

    private static byte[] sha512(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static BigInteger number(byte[] littleEndian) {
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }

    private static byte[] littleEndian(BigInteger number) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
