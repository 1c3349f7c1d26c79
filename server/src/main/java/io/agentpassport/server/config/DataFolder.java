package io.agentpassport.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that holds all of one service, and what is where in it.
 *
 * @param root
 *            absolute
 */
public record DataFolder(Path root) {

    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Policies that are watched as files; it need not be there. */
    public Path policies() {
        return root.resolve("policies");
    }

    /** The configuration. */
    public Path config() {
        return root.resolve("passport.yaml");
    }

    /** The service's Ed25519 keys: issuing, attest and bundle, PKCS#8. */
    public Path keys() {
        return root.resolve("keys");
    }

    /** The TLS CA and the server's TLS certificate. */
    public Path tls() {
        return root.resolve("tls");
    }

    /** The certificate of the TLS CA, which clients need. */
    public Path ca() {
        return tls().resolve("ca.pem");
    }

    /** The key of the TLS CA, which a running service does not need. */
    public Path caKey() {
        return tls().resolve("ca-key.pem");
    }

    /** The server's TLS certificate. */
    public Path serverCertificate() {
        return tls().resolve("server.pem");
    }

    /** The key of the server's TLS certificate. */
    public Path serverKey() {
        return tls().resolve("server-key.pem");
    }

    /** The first admin's credential. */
    public Path admin() {
        return root.resolve("admin");
    }

    /** The first admin's certificate. */
    public Path adminCertificate() {
        return admin().resolve("admin.pem");
    }

    /** The key of the first admin's certificate. */
    public Path adminKey() {
        return admin().resolve("admin-key.pem");
    }

    /** The database. */
    public Path database() {
        return root.resolve("db");
    }

    /** Where the database stood when it was written to last: outside of it, and best on another disk. */
    public Path anchors() {
        return root.resolve("anchor");
    }

    /** Copies of the database. */
    public Path backups() {
        return root.resolve("backups");
    }

    /** The key of the anchors. */
    public Path anchorKey() {
        return keys().resolve("anchor.key");
    }

    /** Says that the folder was made for development; what else is in it is as anywhere. */
    public Path developmentMark() {
        return root.resolve("development");
    }

    /** Is there while the folder is being made, and stays when that was interrupted: nothing was served from it then. */
    public Path unfinishedMark() {
        return root.resolve("unfinished");
    }

    /** Whether the folder was made, and wholly. */
    public boolean isInitialised() {
        return Files.exists(config()) && Files.notExists(unfinishedMark());
    }

    /** Whether it was made by {@code server --dev}, and not by {@code init}. */
    public boolean isForDevelopment() {
        return Files.exists(developmentMark());
    }

    /**
     * Refuses to be used when others could change what it holds.
     *
     * @throws ConfigException when others may write to it, or to the folders of keys and certificates
     */
    public void requireUnwritableByOthers() {
        for (Path folder : List.of(root, keys(), tls(), admin(), anchors())) {
            if (Files.exists(folder)) {
                PrivateFile.requireUnwritableByOthers(folder);
            }
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
