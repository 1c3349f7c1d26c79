package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Base64Text;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Who signs the checkpoints of a service's logs: one key, and for each partition of the service one log with a name of its
 * own, {@code AUDIENCE/log/PARTITION}. It is never an anchor.
 *
 * @param audience the binding of the service, 1 to 256 characters
 * @param key the log key
 */
public record LogKey(String audience, PublicKey key) {

    /** What stands between the audience and the partition. */
    private static final String LOG = "/log/";

    /** A partition is 4 digits of lower-case hex. */
    private static final int PARTITION_CHARACTERS = 4;

    /** The kind of signature in a signed note: Ed25519. */
    private static final byte ED25519 = 1;

    /** An audience is there. */
    public LogKey {
        if (audience.isEmpty() || audience.length() > 256) {
            throw new IllegalArgumentException("an audience has 1 to 256 characters");
        }
    }

    /**
     * The name of a partition's log, which is also the name of its key. What a signed note does not allow in a name (white
     * space, {@code +}), and {@code %} and everything beyond ASCII, is percent-encoded.
     *
     * @param partition 4 digits of lower-case hex
     */
    public String origin(String partition) {
        if (!isPartition(partition)) {
            throw new IllegalArgumentException("a partition is 4 digits of lower-case hex, not " + partition);
        }
        return prefix() + partition;
    }

    /** Whether a log of that name is one of this service's. */
    public boolean isOrigin(String origin) {
        String prefix = prefix();
        return origin.startsWith(prefix) && isPartition(origin.substring(prefix.length()));
    }

    /** The first 4 bytes of {@code SHA-256(NAME || 0x0A || 0x01 || key)}, by which a signature line names its key. */
    static byte[] keyId(String origin, PublicKey key) {
        byte[] name = origin.getBytes(StandardCharsets.UTF_8);
        byte[] named = Arrays.copyOf(name, name.length + 2 + PublicKey.BYTES);
        named[name.length] = '\n';
        named[name.length + 1] = ED25519;
        System.arraycopy(key.toByteArray(), 0, named, name.length + 2, PublicKey.BYTES);
        return Arrays.copyOf(Digest.sha256(named), 4);
    }

    /** The key of a partition's log as verifiers of signed notes take it: {@code NAME+KEYID+BASE64(0x01 || key)}. */
    public String verifierKey(String partition) {
        String origin = origin(partition);
        var typed = new byte[1 + PublicKey.BYTES];
        typed[0] = ED25519;
        System.arraycopy(key.toByteArray(), 0, typed, 1, PublicKey.BYTES);
        return origin + "+" + HexText.encode(keyId(origin, key)) + "+" + Base64Text.encode(typed);
    }

    private String prefix() {
        var prefix = new StringBuilder();
        for (byte b : audience.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F && b != '+' && b != '%') {
                prefix.append((char) b);
            } else {
                prefix.append('%').append(HexText.encode(new byte[]{b}));
            }
        }
        return prefix.append(LOG).toString();
    }

    private static boolean isPartition(String text) {
        return text.length() == PARTITION_CHARACTERS && HexText.isLowerCase(text);
    }
}
