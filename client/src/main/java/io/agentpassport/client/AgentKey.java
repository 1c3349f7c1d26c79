package io.agentpassport.client;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A private Ed25519 key and the file that keeps it: PKCS#8 (RFC 8410) as PEM, readable by its owner alone. The key never
 * travels, and nothing but the file shows it.
 */
public final class AgentKey {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final byte[] seed;
    private final Signer signer;

    private AgentKey(byte[] seed) {
        this.seed = seed;
        this.signer = Signer.fromSeed(seed);
    }

    /** A new key from unguessable bytes. */
    public static AgentKey generate(NonceSource random) {
        return new AgentKey(random.bytes(Signer.SEED_BYTES));
    }

    /**
     * The key that the file keeps.
     *
     * @throws PassportException when the file cannot be read, holds no Ed25519 key, or others than its owner may read it
     */
    public static AgentKey load(Path file) {
        PrivateFiles.refuseUnlessPrivate(file);
        String pem = new String(PrivateFiles.read(file), StandardCharsets.UTF_8).strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            throw PassportException.local(file + " holds no private key: a PEM file that begins with " + BEGIN
                    + " was expected; make one with: ./passport keygen");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length()));
            var key = (EdECPrivateKey) KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
            return new AgentKey(key.getBytes().orElseThrow());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw PassportException.local(file + " holds no Ed25519 key in PKCS#8 without a passphrase; make one with: "
                    + "./passport keygen");
        }
    }

    /**
     * Writes the key to a new file that its owner alone can read.
     *
     * @throws PassportException when the file is there already, or cannot be written
     */
    public void save(Path file) {
        var der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
        System.arraycopy(seed, 0, der, PKCS8_PREFIX.length, seed.length);
        String pem = BEGIN + "\n" + Base64.getEncoder().encodeToString(der) + "\n" + END + "\n";
        PrivateFiles.writeNew(file, pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Signs with this key. */
    public Signer signer() {
        return signer;
    }

    /** The public half. */
    public PublicKey publicKey() {
        return signer.publicKey();
    }

    @Override
    public String toString() {
        return "AgentKey[" + publicKey().hex() + "]";
    }
}
