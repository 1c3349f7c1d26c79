package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.crypto.Signer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log is at a moment: {@code ORIGIN\nSIZE\nBASE64(ROOT)\n} (C2SP tlog-checkpoint), and as it travels, that text with
 * its signature as a signed note (C2SP signed-note). It holds no time, so that the same log always has the same checkpoint.
 *
 * @param origin the name of the log
 * @param size how many entries it has
 * @param root the root of its tree
 */
public record Checkpoint(String origin, long size, TreeHash root) {

    /** The longest signed checkpoint that is read, in characters. */
    public static final int MAX_NOTE_CHARACTERS = 16 * 1024;

    /** The most signatures that are looked at. */
    public static final int MAX_SIGNATURES = 16;

    private static final String SIGNATURE_PREFIX = "\u2014 ";
    private static final int KEY_ID_BYTES = 4;

    /** The origin is one line, and the size is one of a tree. */
    public Checkpoint {
        if (origin.isEmpty() || origin.indexOf('\n') >= 0 || size < 0 || size > MerkleTree.MAX_SIZE) {
            throw new IllegalArgumentException("no checkpoint of " + origin + " at " + size);
        }
    }

    /** What opening answers: {@link Opened} or {@link Refused}. */
    public sealed interface Opening permits Opened, Refused {}

    /** The signature verifies. */
    public record Opened(Checkpoint checkpoint) implements Opening {}

    /** Why not; the order of the constants is the order of the checks. */
    public enum Refused implements Opening {
        /** It is not a signed note that holds a checkpoint. */
        CHECKPOINT_MALFORMED,
        /** It is of another service's log. */
        WRONG_ORIGIN,
        /** None of its signatures says to be by this key. */
        WRONG_LOG_KEY,
        /** The signature by this key does not verify: the text is not what was signed. */
        CHECKPOINT_SIGNATURE_INVALID
    }

    /** The text that is signed. */
    public String text() {
        return origin + "\n" + size + "\n" + root.text() + "\n";
    }

    /** The signed note: always the same for the same checkpoint and key. */
    public String sign(Signer logKey) {
        String text = text();
        byte[] signature = logKey.sign(text.getBytes(StandardCharsets.UTF_8)).toByteArray();
        byte[] line = Arrays.copyOf(LogKey.keyId(origin, logKey.publicKey()), KEY_ID_BYTES + Signature.BYTES);
        System.arraycopy(signature, 0, line, KEY_ID_BYTES, Signature.BYTES);
        return text + "\n" + SIGNATURE_PREFIX + origin + " " + Base64.getEncoder().encodeToString(line) + "\n";
    }

    /**
     * Opens a signed note. Signatures by others, and lines after the root, are let be; the signature covers the latter.
     */
    public static Opening open(String note, LogKey logKey) {
        int split = note.lastIndexOf("\n\n");
        if (note.length() > MAX_NOTE_CHARACTERS || split < 0 || !note.endsWith("\n")) {
            return Refused.CHECKPOINT_MALFORMED;
        }
        String text = note.substring(0, split + 1);
        Checkpoint checkpoint = parse(text);
        String signatures = note.substring(split + 2);
        if (checkpoint == null || signatures.isEmpty()) {
            return Refused.CHECKPOINT_MALFORMED;
        }
        return checkpoint.opened(text, List.of(signatures.split("\n", -1)), logKey);
    }

    private Opening opened(String text, List<String> lines, LogKey logKey) {
        byte[] keyId = LogKey.keyId(origin, logKey.key());
        Signature ours = null;
        // The last element is what follows the last line's end: nothing.
        for (String line : lines.subList(0, lines.size() - 1)) {
            byte[] bytes = signatureBytes(line);
            if (bytes == null || lines.size() - 1 > MAX_SIGNATURES) {
                return Refused.CHECKPOINT_MALFORMED;
            }
            if (ours == null && bytes.length == KEY_ID_BYTES + Signature.BYTES
                    && line.startsWith(SIGNATURE_PREFIX + origin + " ")
                    && Arrays.equals(bytes, 0, KEY_ID_BYTES, keyId, 0, KEY_ID_BYTES)) {
                ours = Signature.of(Arrays.copyOfRange(bytes, KEY_ID_BYTES, bytes.length));
            }
        }
        if (!logKey.isOrigin(origin)) {
            return Refused.WRONG_ORIGIN;
        }
        if (ours == null) {
            return Refused.WRONG_LOG_KEY;
        }
        return verifies(logKey.key(), text, ours) ? new Opened(this) : Refused.CHECKPOINT_SIGNATURE_INVALID;
    }

    private static boolean verifies(PublicKey key, String text, Signature signature) {
        return Ed25519.verify(key, text.getBytes(StandardCharsets.UTF_8), signature);
    }

    /** The key id and signature of a line {@code — NAME BASE64}, or null when it is none. */
    private static byte @Nullable [] signatureBytes(String line) {
        int space = line.lastIndexOf(' ');
        if (!line.startsWith(SIGNATURE_PREFIX) || space <= SIGNATURE_PREFIX.length()) {
            return null;
        }
        String text = line.substring(space + 1);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // One text for one sequence of bytes: the decoder is laxer than that.
            boolean strict = Base64.getEncoder().encodeToString(bytes).equals(text);
            return strict && bytes.length > KEY_ID_BYTES ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The checkpoint in the signed part of a note, or null. */
    public static @Nullable Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || lines[0].isEmpty() || !text.endsWith("\n")) {
            return null;
        }
        // Lines after the third are extensions, none of them empty.
        for (int i = 3; i < lines.length - 1; i++) {
            if (lines[i].isEmpty()) {
                return null;
            }
        }
        long size = size(lines[1]);
        TreeHash root = TreeHash.fromText(lines[2]);
        return size < 0 || root == null ? null : new Checkpoint(lines[0], size, root);
    }

    /** The size that decimal digits without a leading zero say, or -1. */
    private static long size(String digits) {
        if (digits.isEmpty() || digits.length() > 16 || (digits.length() > 1 && digits.charAt(0) == '0')) {
            return -1;
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            size = 10 * size + (c - '0');
        }
        return size <= MerkleTree.MAX_SIZE ? size : -1;
    }
}
