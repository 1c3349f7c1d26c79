package io.agentpassport.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One text for one sequence of bytes: base64, hex and the digest's text. */
class TextFormsTest {

    private static final String NONCE = "//79/Pv6+fj39vX08/Lx8A==";

    @Test
    void base64ReadsBackWhatItWrote() {
        var random = new SplittableRandom(20_260_107);
        for (int length = 0; length < 100; length++) {
            var bytes = new byte[length];
            random.nextBytes(bytes);

            assertThat(Base64Text.decode(Base64Text.encode(bytes), length)).isEqualTo(bytes);
            assertThat(Base64Text.decode(Base64Text.encode(bytes), length + 1)).isNull();
            assertThat(length == 0 ? null : Base64Text.decode(Base64Text.encode(bytes), length - 1)).isNull();
        }
    }

    @Test
    void base64OfANonceIsTaken() {
        assertThat(Nonce.fromText(NONCE)).isNotNull().hasToString(NONCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//79/Pv6+fj39vX08/Lx8A", "//79/Pv6+fj39vX08/Lx8A=", "__79_Pv6-fj39vX08_Lx8A==",
        "//79/Pv6+fj39vX08/Lx8B==", "//79/Pv6+fj39vX08/Lx8P==", "//79/Pv6+fj39vX08/Lx8A==\n",
        " //79/Pv6+fj39vX08/Lx8A=", "//79/Pv6+fj39vX0\n8/Lx8==", "//79/Pv6+fj39vX08/Lx8PAA", "=/79/Pv6+fj39vX08/Lx8A==",
        "//79/Pv6+fj39vX08/Lx8A==AAAA", "//79/Pv6+fj39vX08/Lx8\uff21==", "//79/Pv6+fj39vX08/Lx\u01388==", ""})
    void base64InAnyOtherSpellingIsRefused(String text) {
        assertThat(Nonce.fromText(text)).isNull();
    }

    @Test
    void absentTextIsNoNonceKeyOrSignature() {
        assertThat(Nonce.fromText(null)).isNull();
        assertThat(Signature.fromText(null)).isNull();
        assertThat(PublicKey.fromHex(null)).isNull();
        assertThat(HexText.decodeAnyCase(null, 32)).isNull();
    }

    @Test
    void aKeyInADocumentIsLowerCaseHexOfExactLength() {
        String hex = "0123456789abcdef".repeat(4);

        assertThat(PublicKey.fromHex(hex)).isNotNull().hasToString(hex);
        assertThat(PublicKey.fromHex(hex.replace('a', 'A'))).isNull();
        assertThat(PublicKey.fromHex(hex.substring(1))).isNull();
        assertThat(PublicKey.fromHex(hex + "0")).isNull();
        assertThat(PublicKey.fromHex("g" + hex.substring(1))).isNull();
        assertThat(PublicKey.fromHex("\u0661" + hex.substring(1))).isNull();
    }

    @Test
    void peopleMayTypeHexInEitherCase() {
        assertThat(HexText.decodeAnyCase("aBcD")).isEqualTo(new byte[]{(byte) 0xab, (byte) 0xcd});
        assertThat(HexText.decodeAnyCase("aBcD", 2)).isEqualTo(new byte[]{(byte) 0xab, (byte) 0xcd});
        assertThat(HexText.decodeAnyCase("aBcD", 3)).isNull();
        assertThat(HexText.decodeAnyCase("aBcx", 2)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> HexText.decodeAnyCase("abc"));
        assertThatIllegalArgumentException().isThrownBy(() -> HexText.decodeAnyCase("a\u0661"));
    }

    @Test
    void aDigestHasOneText() {
        String empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        assertThat(Digest.sha256Text(new byte[0])).isEqualTo(empty);
        assertThat(Digest.isSha256Text(empty)).isTrue();
        assertThat(Digest.bytesOf(empty)).isEqualTo(Digest.sha256(new byte[0]));
        for (String other : new String[]{"", "sha256:", empty.substring(7), empty + "0", empty.replace('e', 'E'),
            empty.replace("sha256:", "sha512:")}) {
            assertThat(Digest.isSha256Text(other)).as(other).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> Digest.bytesOf(other));
        }
    }

    @Test
    void valuesAreComparedByTheirBytes() {
        assertThat(Nonce.of(new byte[16])).isEqualTo(Nonce.of(new byte[16])).hasSameHashCodeAs(Nonce.of(new byte[16]));
        assertThat(Signature.of(new byte[64])).isEqualTo(Signature.of(new byte[64]));
        assertThat(PublicKey.of(new byte[32])).isEqualTo(PublicKey.of(new byte[32]))
                .isNotEqualTo(Signer.fromSeed(new byte[32]).publicKey());
    }

    @Test
    void valuesKeepTheirBytesToThemselves() {
        var bytes = new byte[32];
        PublicKey key = PublicKey.of(bytes);
        bytes[0] = 1;
        key.toByteArray()[0] = 1;

        assertThat(key.hex()).isEqualTo("00".repeat(32));
    }

    @Test
    void aSourceOfNoncesFillsEveryByte() {
        NonceSource source = NonceSource.from(new SplittableRandom(1));

        assertThat(source.nonce()).isNotEqualTo(source.nonce());
        assertThat(source.bytes(7)).hasSize(7);
    }
}
