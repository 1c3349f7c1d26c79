package io.agentpassport.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** BouncyCastle multiplies by the order of the subgroup: on every input the two must say the same. */
class PrimeOrderSubgroupTest {

    /** The multiples of a point of order 8, the neutral one first. */
    private static final List<byte[]> TORSION = Stream.of(
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa").map(HexText::decodeAnyCase).toList();

    @Test
    void agreesWithMultiplyingByTheOrderOnRandomEncodings() {
        var random = new SplittableRandom(20220117);
        int inside = 0;
        for (int i = 0; i < 100_000; i++) {
            var encoded = new byte[32];
            random.nextBytes(encoded);
            inside += agreed(encoded) ? 1 : 0;
        }

        // Half of all y are on the curve, and an eighth of those points is in the subgroup.
        assertThat(inside).isBetween(5_900, 6_600);
    }

    @Test
    void takesAPrimeOrderPointAndNoneOfItsSevenTwins() {
        var random = new SplittableRandom(20221164);
        for (int i = 0; i < 2_000; i++) {
            var seed = new byte[32];
            random.nextBytes(seed);
            byte[] key = Signer.fromSeed(seed).publicKey().toByteArray();
            for (int torsion = 0; torsion < 8; torsion++) {
                byte[] twin = EdwardsArithmetic.sum(key, TORSION.get(torsion));
                assertThat(agreed(twin)).as(HexText.encode(twin)).isEqualTo(torsion == 0);
            }
        }
    }

    @Test
    void refusesThePointsOfSmallOrder() {
        assertThat(TORSION).noneMatch(PrimeOrderSubgroupTest::agreed);
    }

    /** All y from p on, and x = 0 with a sign: they name points as well, but not canonically. */
    @Test
    void refusesEveryEncodingThatIsNotCanonical() {
        for (int lowest = 0xED; lowest <= 0xFF; lowest++) {
            for (int top : new int[]{0x7F, 0xFF}) {
                byte[] encoded = HexText.decodeAnyCase("ff".repeat(32));
                encoded[0] = (byte) lowest;
                encoded[31] = (byte) top;
                assertThat(agreed(encoded)).isFalse();
            }
        }
        assertThat(agreed(HexText.decodeAnyCase("01" + "00".repeat(30) + "80"))).isFalse();
        assertThat(agreed(HexText.decodeAnyCase("ec" + "ff".repeat(31)))).isFalse();
    }

    @Test
    void agreesOnSmallAndLargeYAndOnTheKeysOfThePublicSuites() {
        for (int y = 0; y <= 0xFFF; y++) {
            var small = new byte[32];
            small[0] = (byte) y;
            small[1] = (byte) (y >> 8);
            agreed(small);
        }
        for (int y = 0; y <= 0xFF; y++) {
            byte[] large = HexText.decodeAnyCase("ff".repeat(31) + "7f");
            large[0] = (byte) y;
            agreed(large);
        }
        List<byte[]> keys = Ed25519Cases.all()
                .stream()
                .map(Ed25519Cases.Case::key)
                .filter(k -> k.length == 32)
                .toList();

        assertThat(keys).hasSizeGreaterThan(1_000);
        assertThat(keys.stream().filter(PrimeOrderSubgroupTest::agreed)).isNotEmpty();
        assertThat(keys.stream().filter(key -> !agreed(key))).isNotEmpty();
    }

    private static boolean agreed(byte[] encoded) {
        boolean inside = io.agentpassport.core.crypto.Ed25519.isInPrimeOrderSubgroup(PublicKey.of(encoded));
        assertThat(inside).as(HexText.encode(encoded)).isEqualTo(Ed25519.validatePublicKeyFull(encoded, 0));
        return inside;
    }
}
