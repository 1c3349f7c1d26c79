package io.agentpassport.server.issuance;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.PrivateFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** An Ed25519 private key in a PEM file of PKCS#8 (RFC 8410), readable by its owner alone. */
public final class KeyFile {

    /** A key file is some hundred bytes; what is longer is something else. */
    private static final int MAX_BYTES = 16 * 1024;

    private KeyFile() {}

    /** What reading or writing answers. */
    public sealed interface Outcome {}

    /** The key. */
    public record Key(Signer signer) implements Outcome {}

    /**
     * It cannot be used.
     *
     * @param advice
     *            one sentence that names the file and says what to do
     */
    public record Unusable(Path file, String advice) implements Outcome {}

    /** Reads a key; refuses one that others than its owner could read. */
    public static Outcome read(Path file) {
        try {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            permissions.removeIf(permission -> permission.name().startsWith("OWNER_"));
            if (!permissions.isEmpty()) {
                return new Unusable(file, "private key " + file + " can be used by others than its owner: chmod 600 "
                        + file);
            }
            if (Files.size(file) > MAX_BYTES) {
                return malformed(file);
            }
            return parse(file, Files.readString(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return new Unusable(file,
                    "private key " + file + " is not there: put it back from your backup, or " + another(file));
        } catch (AccessDeniedException e) {
            return new Unusable(file, "private key " + file + " may not be read: run as its owner, or chown it");
        } catch (CharacterCodingException e) {
            return malformed(file);
        } catch (UnsupportedOperationException e) {
            return new Unusable(file, "the file system of " + file
                    + " has no owners and modes: keep the keys on one that has");
        } catch (IOException e) {
            return new Unusable(file, "private key " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static Outcome parse(Path file, String text) {
        try (var parser = new PEMParser(new StringReader(text))) {
            Object content = parser.readObject();
            if (content instanceof PKCS8EncryptedPrivateKeyInfo) {
                return new Unusable(file, "private key " + file + " is encrypted, which is not supported: "
                        + "openssl pkey -in " + file + " -out NEW, then put NEW in its place");
            }
            if (content instanceof PrivateKeyInfo info
                    && PrivateKeyFactory.createKey(info) instanceof Ed25519PrivateKeyParameters key) {
                byte[] seed = key.getEncoded();
                Signer signer = Signer.fromSeed(seed);
                Arrays.fill(seed, (byte) 0);
                return new Key(signer);
            }
        } catch (IOException | RuntimeException e) {
            // Whatever the parser throws at bytes that are no key means that they are none.
            return malformed(file);
        }
        return malformed(file);
    }

    /** How to go on without it: init makes all three keys of a new service, never one. */
    private static String another(Path file) {
        return "make another with `./passport keygen --out " + file + "`"
                + (file.endsWith("bundle.pem") ? "; who verifies our bundles by the publisher key must then be told"
                        : "");
    }

    private static Unusable malformed(Path file) {
        return new Unusable(file, "private key " + file + " is not an Ed25519 key in PKCS#8 PEM: put it back from your "
                + "backup, or move it away and " + another(file));
    }

    /**
     * Writes a key that is not there yet: whole or not at all, and never readable by others in between.
     *
     * @param seed
     *            32 bytes; the caller wipes them
     */
    public static Outcome write(Path file, byte[] seed) {
        if (Files.exists(file)) {
            return new Unusable(file, "private key " + file + " is there already: move it away if you want a new one");
        }
        try {
            PrivateFile.create(file, pem(seed).getBytes(StandardCharsets.US_ASCII));
            return new Key(Signer.fromSeed(seed));
        } catch (IOException | ConfigException e) {
            return new Unusable(file, "no private key was written: " + e.getMessage()
                    + "; choose a folder that you may write to");
        }
    }

    private static String pem(byte[] seed) throws IOException {
        // Without the public key beside it, which older tools do not read.
        var info = new PrivateKeyInfo(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                new DEROctetString(seed));
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(info);
        }
        return text.toString();
    }
}
