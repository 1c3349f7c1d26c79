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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes what a service needs before it starts the first time: its keys, the TLS certificates, the first admin's
 * credential, and the configuration, which comes last, so that what was interrupted is not taken for finished.
 *
 * @param serverNames
 *            names and addresses for the TLS certificate, besides loopback; the configuration keeps them for the next
 * @param adminName
 *            who the first admin is
 */
public record Setup(DataFolder data, Service service, List<String> serverNames, String adminName) {

    public Setup {
        serverNames = List.copyOf(serverNames);
    }

    /**
     * Makes it all.
     *
     * @return the service's own keys
     * @throws ConfigException
     *             when the folder holds anything already, or cannot be written
     */
    public ServiceKeys create(Instant now, NonceSource nonces) {
        requireEmpty(data.root());
        ServiceKeys keys = switch (ServiceKeys.generate(data.keys(), nonces)) {
            case ServiceKeys.Loaded made -> made.keys();
            case ServiceKeys.Unusable unusable -> throw new ConfigException(unusable.advice());
        };
        new TlsFiles(data).create(service.name(), serverNames, adminName, now, nonces);
        PrivateFile.create(data.config(), ConfigFile.sample(service, serverNames).getBytes(StandardCharsets.UTF_8));
        return keys;
    }

    private static void requireEmpty(Path folder) {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new ConfigException(folder + " is not empty, and nothing in it is overwritten;"
                        + " name another with --data, or remove it");
            }
        } catch (IOException e) {
            throw new ConfigException(folder + " cannot be used: " + e.getMessage(), e);
        }
    }
}
