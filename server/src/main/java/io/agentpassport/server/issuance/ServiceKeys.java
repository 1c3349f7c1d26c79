package io.agentpassport.server.issuance;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The service's Ed25519 keys. One key, one purpose.
 *
 * @param issuing
 *            signs certificates: the key of our anchor
 * @param attest
 *            proves the service in handshakes: the subject of its own certificate
 * @param bundle
 *            signs trust bundles
 * @param log
 *            signs the checkpoints of the log; never an anchor
 */
public record ServiceKeys(Signer issuing, Signer attest, Signer bundle, Signer log) {

    /** The files, in the folder of keys. */
    public static final List<String> FILES = List.of("issuing.pem", "attest.pem", "bundle.pem", "log.pem");

    public ServiceKeys {
        if (Stream.of(issuing, attest, bundle, log).map(Signer::publicKey).distinct().count() != FILES.size()) {
            throw new IllegalArgumentException("one key, one purpose: two of them are the same");
        }
    }

    /** What loading or generating answers. */
    public sealed interface Outcome {}

    /** All of them. */
    public record Loaded(ServiceKeys keys) implements Outcome {}

    /**
     * They cannot be used.
     *
     * @param advice
     *            one sentence that names the file and says what to do
     */
    public record Unusable(String advice) implements Outcome {}

    /** Whether any of the files is in the folder. */
    public static boolean exist(Path folder) {
        return FILES.stream().anyMatch(file -> Files.exists(folder.resolve(file)));
    }

    /** Reads the files of a folder. */
    public static Outcome load(Path folder) {
        List<Signer> signers = new ArrayList<>();
        for (String file : FILES) {
            switch (KeyFile.read(folder.resolve(file))) {
                case KeyFile.Unusable unusable -> {
                    return new Unusable(unusable.advice());
                }
                case KeyFile.Key key -> signers.add(key.signer());
            }
        }
        if (signers.stream().map(Signer::publicKey).distinct().count() != FILES.size()) {
            return new Unusable("two of the keys in " + folder + " are the same, and one key serves one purpose: "
                    + "put the files back from your backup");
        }
        return new Loaded(new ServiceKeys(signers.get(0), signers.get(1), signers.get(2), signers.get(3)));
    }

    /** Makes the folder and the files; overwrites nothing. */
    public static Outcome generate(Path folder, NonceSource nonces) {
        if (exist(folder)) {
            return new Unusable("there are keys in " + folder + " already: move them away if you want new ones");
        }
        try {
            Files.createDirectories(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException | UnsupportedOperationException e) {
            return new Unusable("the folder " + folder + " cannot be made: " + e.getMessage()
                    + "; choose one that you may write to");
        }
        for (String file : FILES) {
            byte[] seed = nonces.bytes(Signer.SEED_BYTES);
            KeyFile.Outcome written = KeyFile.write(folder.resolve(file), seed);
            Arrays.fill(seed, (byte) 0);
            if (written instanceof KeyFile.Unusable unusable) {
                return new Unusable(unusable.advice());
            }
        }
        return load(folder);
    }
}
