package io.agentpassport.core.receipt;

import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.signer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.receipt.Checkpoint.Opened;
import io.agentpassport.core.receipt.Checkpoint.Refused;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final LogKey LOG = new LogKey("passport.example", key("log"));
    private static final Checkpoint CHECKPOINT = new Checkpoint("passport.example/log/0001", 7,
            MerkleTree.EMPTY_ROOT);
    private static final String NOTE = CHECKPOINT.sign(signer("log"));

    @Test
    void opensWhatItSignedAndSignsItAlikeEachTime() {
        assertThat(NOTE).startsWith(
                "passport.example/log/0001\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 passport.example/log/0001 ")
                .endsWith("\n")
                .isEqualTo(CHECKPOINT.sign(signer("log")));
        assertThat(Checkpoint.open(NOTE, LOG)).isEqualTo(new Opened(CHECKPOINT));
    }

    /** The pair of name and key that the first implementation of signed notes documents. */
    @Test
    void namesAKeyAsSignedNotesDo() {
        byte[] typed = Base64.getDecoder().decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        PublicKey key = PublicKey.of(Arrays.copyOfRange(typed, 1, typed.length));

        assertThat(HexFormat.of().formatHex(LogKey.keyId("PeterNeumann", key))).isEqualTo("c74f20a3");
    }

    @Test
    void givesTheVerifierKeyOfEachLog() {
        assertThat(LOG.verifierKey("0000")).matches("passport\\.example/log/0000\\+[0-9a-f]{8}\\+A[A-Za-z0-9+/]{43}");
        assertThat(LOG.origin("0001")).isEqualTo("passport.example/log/0001");
        assertThat(new LogKey("a b+c%d\u00e9", key("log")).origin("0001")).isEqualTo("a%20b%2bc%25d%c3%a9/log/0001");
        assertThat(LOG.isOrigin("passport.example/log/00ff")).isTrue();
        assertThat(LOG.isOrigin("passport.example/log/00FF")).isFalse();
        assertThat(LOG.isOrigin("passport.example/log/x/log/0000")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> LOG.origin("1"));
    }

    @Test
    void saysWhyItDoesNotOpen() {
        assertThat(Checkpoint.open(NOTE, new LogKey("other.example", key("log")))).isEqualTo(Refused.WRONG_ORIGIN);
        assertThat(Checkpoint.open(NOTE, new LogKey("passport.example", key("other"))))
                .isEqualTo(Refused.WRONG_LOG_KEY);
        assertThat(Checkpoint.open(NOTE.replace("\n7\n", "\n8\n"), LOG))
                .isEqualTo(Refused.CHECKPOINT_SIGNATURE_INVALID);
        assertThat(Checkpoint.open(NOTE.replace("47DEQ", "57DEQ"), LOG))
                .isEqualTo(Refused.CHECKPOINT_SIGNATURE_INVALID);
    }

    @Test
    void letsCosignersBe() {
        String cosignature = "\u2014 witness.example " + Base64.getEncoder().encodeToString(new byte[76]) + "\n";

        assertThat(Checkpoint.open(NOTE + cosignature, LOG)).isEqualTo(new Opened(CHECKPOINT));
        assertThat(Checkpoint.open(NOTE + cosignature.repeat(Checkpoint.MAX_SIGNATURES - 1), LOG))
                .isEqualTo(new Opened(CHECKPOINT));
        assertThat(Checkpoint.open(NOTE + cosignature.repeat(Checkpoint.MAX_SIGNATURES), LOG))
                .isEqualTo(Refused.CHECKPOINT_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\n\n", "a\n1\n", "a\n01\nROOT\n\nLINE\n", "a\n-1\nROOT\n\nLINE\n",
        "a\n9007199254740993\nROOT\n\nLINE\n", "a\n1\nrubbish\n\nLINE\n", "a\n1\n\nLINE\n", "\n1\nROOT\n\nLINE\n",
        "a\n1\nROOT\n\n", "a\n1\nROOT\n\nLINE", "a\n1\nROOT\n\n- a AAAAAAAA\n", "a\n1\nROOT\n\n\u2014 a \n",
        "a\n1\nROOT\n\n\u2014 a AAAAA\n", "a\n1\nROOT\n\n\u2014 a AAAAAAB=\n", "a\n1\nROOT\nLINE\n"})
    void refusesWhatIsNoSignedCheckpoint(String note) {
        String filled = note.replace("ROOT", MerkleTree.EMPTY_ROOT.text())
                .replace("LINE", NOTE.substring(NOTE.indexOf('\u2014'), NOTE.length() - 1));

        assertThat(Checkpoint.open(filled, LOG)).isEqualTo(Refused.CHECKPOINT_MALFORMED);
    }
}
