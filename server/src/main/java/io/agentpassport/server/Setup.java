package io.agentpassport.server;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.PrivateFile;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.issuance.ServiceKeys;
import io.agentpassport.server.tls.TlsFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes what a service needs before it starts the first time: its keys, the TLS certificates, the first admin's
 * credential, and the configuration. A mark stands in the folder until all is there, so that what was interrupted is not
 * taken for finished, and is made anew the next time.
 *
 * @param serverNames
 *            names and addresses for the TLS certificate, besides loopback; the configuration keeps them for the next
 * @param adminName
 *            who the first admin is
 * @param development
 *            whether the folder is marked as one that {@code server --dev} may use
 */
public record Setup(DataFolder data, Service service, List<String> serverNames, String adminName,
        boolean development) {

    public Setup {
        serverNames = List.copyOf(serverNames);
    }

    /** For a service that others rely on. */
    public Setup(DataFolder data, Service service, List<String> serverNames, String adminName) {
        this(data, service, serverNames, adminName, false);
    }

    /** The same, for development. */
    public Setup forDevelopment() {
        return new Setup(data, service, serverNames, adminName, true);
    }

    /**
     * Makes it all.
     *
     * @return the service's own keys
     * @throws ConfigException
     *             when the folder holds anything already, or cannot be written
     */
    public ServiceKeys create(Instant now, NonceSource nonces) {
        try {
            requireEmpty();
            PrivateFile.createFolder(data.root());
            PrivateFile.takeWritingFromOthers(data.root());
        } catch (IOException e) {
            throw new ConfigException(data.root() + " cannot be made: " + e.getMessage(), e);
        }
        // Who holds the lock makes the folder; a mark that nobody holds was left by who was interrupted.
        boolean left = Files.exists(data.unfinishedMark());
        try (FileChannel mark = FileChannel.open(data.unfinishedMark(), StandardOpenOption.WRITE,
                left ? StandardOpenOption.WRITE : StandardOpenOption.CREATE_NEW); FileLock lock = mark.tryLock()) {
            if (lock == null || Files.notExists(data.unfinishedMark())) {
                throw new ConfigException(data.root() + " is being made by another process; try again when it is done");
            }
            if (left) {
                removeUnfinished();
            } else if (entries(data.root()).size() > 1) {
                Files.delete(data.unfinishedMark());
                requireEmpty();
            }
            ServiceKeys keys = make(now, nonces);
            Files.delete(data.unfinishedMark());
            return keys;
        } catch (IOException e) {
            throw new ConfigException(data.root() + " cannot be made: " + e.getMessage(), e);
        }
    }

    private ServiceKeys make(Instant now, NonceSource nonces) {
        ServiceKeys keys = switch (ServiceKeys.generate(data.keys(), nonces)) {
            case ServiceKeys.Loaded made -> made.keys();
            case ServiceKeys.Unusable unusable -> throw new ConfigException(unusable.advice());
        };
        new TlsFiles(data).create(service.name(), serverNames, adminName, now, nonces);
        if (development) {
            PrivateFile.create(data.developmentMark(),
                    "Made by server --dev, with no guard that others could rely on.\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
        PrivateFile.create(data.config(), ConfigFile.sample(service, serverNames).getBytes(StandardCharsets.UTF_8));
        return keys;
    }

    /** What somebody was interrupted in making; nobody was told of it, and nothing was served with it. */
    private void removeUnfinished() throws IOException {
        for (Path made : List.of(data.keys(), data.tls(), data.admin())) {
            if (Files.isDirectory(made)) {
                for (Path file : entries(made)) {
                    Files.delete(file);
                }
                Files.delete(made);
            }
        }
        Files.deleteIfExists(data.developmentMark());
        Files.deleteIfExists(data.config());
    }

    private void requireEmpty() throws IOException {
        if (Files.notExists(data.root()) || Files.exists(data.unfinishedMark())) {
            return;
        }
        if (!entries(data.root()).isEmpty()) {
            throw new ConfigException(data.root() + " is not empty, and nothing in it is overwritten;"
                    + " name another with --data, or remove it");
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
