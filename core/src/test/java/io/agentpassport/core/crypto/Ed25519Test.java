package io.agentpassport.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {

    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    private final Signer signer = Signer.fromSeed(new byte[32]);

    @Test
    void answersEveryPublicSuite() {
        List<Ed25519Cases.Case> cases = Ed25519Cases.all();

        assertThat(cases).hasSize(12 + 914 + 151 + 128);
        assertThat(cases).allSatisfy(c -> assertThat(Ed25519.verify(c.key(), c.message(), c.signature()))
                .isEqualTo(c.valid()));
    }

    @Test
    void theJdkAnswersAlikeOnceTheGuardsHavePassed() throws GeneralSecurityException {
        int asked = 0;
        for (Ed25519Cases.Case c : Ed25519Cases.all()) {
            if (c.hasKeyAndSignatureOfRightLength() && passesGuards(c, 0)) {
                assertThat(jdkVerifies(c)).as(c.id()).isEqualTo(Ed25519.verify(c.key(), c.message(), c.signature()));
                asked++;
            }
        }

        assertThat(asked).isGreaterThan(300);
    }

    @Test
    void theGuardsRefuseByTheRuleThatTheVectorsName() {
        assertThat(Ed25519Cases.ruled()).allSatisfy(c -> assertThat(refusingGuard(c))
                .isEqualTo(c.rule() == 5 ? 0 : c.rule()));
    }

    /** With one guard off and the equation alone behind it, something passes that must not. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void everyGuardRefusesWhatTheEquationWouldTake(int guard) {
        assertThat(Ed25519Cases.ruled()
                .stream()
                .filter(c -> c.rule() == guard)
                .filter(c -> passesGuards(c, guard))
                .filter(c -> EdwardsArithmetic.holds(c.key(), c.message(), c.signature()))
                .limit(1)).isNotEmpty();
    }

    @Test
    void theEquationItselfRefusesWhatPassesAllGuards() {
        List<Ed25519Cases.Case> cases = Ed25519Cases.ruled().stream().filter(c -> c.rule() == 5).limit(20).toList();

        assertThat(cases).hasSize(20).allSatisfy(c -> {
            assertThat(passesGuards(c, 0)).isTrue();
            assertThat(EdwardsArithmetic.holds(c.key(), c.message(), c.signature())).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 64})
    void refusesKeysOfAnotherLength(int length) {
        byte[] signature = signer.sign(MESSAGE).toByteArray();

        assertThat(Ed25519.verify(new byte[length], MESSAGE, signature)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> PublicKey.of(new byte[length]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 65, 128})
    void refusesSignaturesOfAnotherLength(int length) {
        assertThat(Ed25519.verify(signer.publicKey().toByteArray(), MESSAGE, new byte[length])).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Signature.of(new byte[length]));
    }

    @Test
    void refusesAnyChangedBitOfMessageKeyOrSignature() {
        byte[] key = signer.publicKey().toByteArray();
        byte[] signature = signer.sign(MESSAGE).toByteArray();
        assertThat(Ed25519.verify(key, MESSAGE, signature)).isTrue();

        for (int bit = 0; bit < 8 * MESSAGE.length; bit++) {
            assertThat(Ed25519.verify(key, flipped(MESSAGE, bit), signature)).isFalse();
        }
        for (int bit = 0; bit < 8 * key.length; bit++) {
            assertThat(Ed25519.verify(flipped(key, bit), MESSAGE, signature)).isFalse();
        }
        for (int bit = 0; bit < 8 * signature.length; bit++) {
            assertThat(Ed25519.verify(key, MESSAGE, flipped(signature, bit))).isFalse();
        }
    }

    @Test
    void anyBytesAreAnAnswerAndNeverAnException() {
        long seed = 20_260_105;
        var random = new SplittableRandom(seed);
        var key = new byte[32];
        var signature = new byte[64];
        for (int i = 0; i < 5_000; i++) {
            random.nextBytes(key);
            random.nextBytes(signature);
            signature[63] &= 0x0f;

            assertThat(Ed25519.verify(key, MESSAGE, signature)).as("seed %d, round %d", seed, i).isFalse();
        }
    }

    @Test
    void signsAsTheJdkDoesForRandomSeeds() throws GeneralSecurityException {
        var random = new SplittableRandom(20_260_106);
        for (int i = 0; i < 50; i++) {
            var seed = new byte[32];
            random.nextBytes(seed);
            var message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            Signer own = Signer.fromSeed(seed);
            java.security.Signature jdk = java.security.Signature.getInstance("Ed25519", "SunEC");
            jdk.initSign(Ed25519Provider.privateKey(seed));
            jdk.update(message);

            assertThat(own.sign(message).toByteArray()).isEqualTo(jdk.sign());
            assertThat(Ed25519.verify(own.publicKey(), message, own.sign(message))).isTrue();
        }
    }

    @Test
    void aKeyWithAComponentOfSmallOrderIsOutsideThePrimeOrderSubgroup() {
        assertThat(Ed25519.isInPrimeOrderSubgroup(signer.publicKey())).isTrue();
        // A point of order 8, and the same kind of point added to a good key, as CCTV has them.
        assertThat(Ed25519.isInPrimeOrderSubgroup(PublicKey.of(HexText.decodeAnyCase(
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")))).isFalse();
        assertThat(Ed25519Cases.ruled()
                .stream()
                .filter(Ed25519Cases.Case::hasKeyAndSignatureOfRightLength)
                .filter(c -> passesGuards(c, 0))
                .filter(c -> !Ed25519.isInPrimeOrderSubgroup(PublicKey.of(c.key())))).isNotEmpty();
        assertThat(Ed25519.isInPrimeOrderSubgroup(PublicKey.of(new byte[32]))).isFalse();
    }

    @Test
    void aSignerNeverShowsItsSeed() {
        byte[] seed = "a seed of thirty-two characters.".getBytes(StandardCharsets.UTF_8);

        assertThat(Signer.fromSeed(seed).toString()).isEqualTo("Signer[" + Signer.fromSeed(seed).publicKey() + "]");
        assertThatIllegalArgumentException().isThrownBy(() -> Signer.fromSeed(new byte[31]));
    }

    @Test
    void namesTheProviderInUse() {
        assertThat(Ed25519.providerName()).isIn("AmazonCorrettoCryptoProvider", "SunEC");
    }

    /** The guard that refuses first, by its number in the rule; 0 when none does. */
    private static int refusingGuard(Ed25519Cases.Case c) {
        if (!EdwardsEncoding.isReducedScalar(c.signature(), 32)) {
            return 2;
        }
        if (!EdwardsEncoding.isCanonicalPoint(c.key(), 0) || !EdwardsEncoding.isCanonicalPoint(c.signature(), 0)) {
            return 3;
        }
        return EdwardsEncoding.isSmallOrderPoint(c.key(), 0) || EdwardsEncoding.isSmallOrderPoint(c.signature(), 0)
                ? 4
                : 0;
    }

    /** Whether all guards but one let it pass. */
    private static boolean passesGuards(Ed25519Cases.Case c, int off) {
        return (off == 2 || EdwardsEncoding.isReducedScalar(c.signature(), 32))
                && (off == 3 || (EdwardsEncoding.isCanonicalPoint(c.key(), 0)
                        && EdwardsEncoding.isCanonicalPoint(c.signature(), 0)))
                && (off == 4 || (!EdwardsEncoding.isSmallOrderPoint(c.key(), 0)
                        && !EdwardsEncoding.isSmallOrderPoint(c.signature(), 0)));
    }

    private static boolean jdkVerifies(Ed25519Cases.Case c) throws GeneralSecurityException {
        java.security.Signature verifier = java.security.Signature.getInstance("Ed25519", "SunEC");
        try {
            var spec = new X509EncodedKeySpec(Ed25519Provider.publicKey(c.key()).getEncoded());
            verifier.initVerify(KeyFactory.getInstance("Ed25519", "SunEC").generatePublic(spec));
            verifier.update(c.message());
            return verifier.verify(c.signature());
        } catch (InvalidKeyException | InvalidKeySpecException | SignatureException e) {
            return false;
        }
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }
}
