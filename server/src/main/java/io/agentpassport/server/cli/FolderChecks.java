package io.agentpassport.server.cli;

import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.ConfigProblem;
import io.agentpassport.server.config.ConfigReport;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.Overrides;
import io.agentpassport.server.config.PrivateFile;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.UpstreamsConfig.Credential;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.config.UpstreamsConfig.InFile;
import io.agentpassport.server.config.UpstreamsConfig.InVariable;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.issuance.ServiceKeys;
import io.agentpassport.server.tls.TlsCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a data folder is as a service needs it. Opens nothing that a running service has open. */
final class FolderChecks {

    private static final Duration NOTICE = Duration.ofDays(30);
    private static final Path LOCKS = Path.of("/proc/locks");

    private final CliContext context;
    private final DataFolder folder;
    private final Diagnosis diagnosis;
    private @Nullable ServerConfig config;

    FolderChecks(CliContext context, DataFolder folder, Diagnosis diagnosis) {
        this.context = context;
        this.folder = folder;
        this.diagnosis = diagnosis;
    }

    void run() {
        if (!folder.isInitialised()) {
            diagnosis.warn("data folder", "there is no service in " + folder,
                    "name it with --data, or make one: " + context.program() + " init");
            return;
        }
        diagnosis.tried("data folder", () -> {
            folder.requireUnwritableByOthers();
            return folder + " is its owner's alone to write to";
        });
        switch (ServiceKeys.load(folder.keys())) {
            case ServiceKeys.Loaded loaded -> diagnosis.ok("keys", "all there, and readable by their owner alone");
            case ServiceKeys.Unusable unusable -> diagnosis.fail("keys", unusable.advice(), "");
        }
        configuration();
        tls();
        database();
        ServerConfig read = config;
        if (read != null) {
            read.upstreams().servers().forEach(this::upstream);
        }
    }

    /** Where the configuration says that the service listens; null when nobody can say. */
    ServerConfig.@Nullable Listen listen() {
        ServerConfig read = config;
        return read == null ? null : read.listen();
    }

    private void configuration() {
        try {
            ConfigReport report = ConfigFile.inspect(folder.config(), folder, Overrides.of(context.environment()));
            config = report.config();
            report.problems()
                    .stream()
                    .map(ConfigProblem::text)
                    .forEach(text -> diagnosis.fail("configuration", text, ""));
            List<String> relaxed = report.config().relaxed();
            for (String key : relaxed) {
                boolean accepted = folder.isForDevelopment() || report.config().accept().contains(key);
                String found = "relaxed: " + key + ", " + ServerConfig.meaningOf(key);
                if (accepted) {
                    diagnosis.warn("configuration", found, "tighten it when it is needed no more");
                } else {
                    diagnosis.fail("configuration", found,
                            "if that is meant, add it to `accept` in " + folder.config());
                }
            }
            if (report.problems().isEmpty() && relaxed.isEmpty()) {
                diagnosis.ok("configuration", folder.config() + " is in order");
            }
        } catch (ConfigException e) {
            diagnosis.fail("configuration", String.valueOf(e.getMessage()), "");
        }
    }

    private void tls() {
        ServerConfig.Listen listen = listen();
        if (listen != null && listen.plaintext()) {
            diagnosis.ok("TLS", "not used: listen.plaintext");
            return;
        }
        try {
            X509Certificate server = TlsCredential.read(folder.serverCertificate(), folder.serverKey()).certificate();
            X509Certificate ca = TlsCredential.readCertificate(folder.ca());
            server.verify(ca.getPublicKey());
            Instant end = server.getNotAfter().toInstant();
            Instant caEnd = ca.getNotAfter().toInstant();
            Instant first = end.isBefore(caEnd) ? end : caEnd;
            Instant now = context.clock().instant();
            String renew = context.program() + " init --renew-tls --data " + CliContext.quoted(folder.toString());
            if (first.isBefore(now)) {
                diagnosis.fail("TLS", "the certificate, or its CA, ended on " + first, "renew it: " + renew);
            } else if (server.getNotBefore().toInstant().isAfter(now)) {
                diagnosis.fail("TLS", "the certificate begins on " + server.getNotBefore().toInstant(),
                        "is the clock right?");
            } else if (first.isBefore(now.plus(NOTICE))) {
                diagnosis.warn("TLS", "the certificate, or its CA, ends on " + first, "renew it: " + renew);
            } else {
                diagnosis.ok("TLS", "the certificate is of the CA here, and good until " + first);
            }
            names(server, listen, renew);
        } catch (ConfigException e) {
            diagnosis.fail("TLS", String.valueOf(e.getMessage()), "");
        } catch (GeneralSecurityException e) {
            diagnosis.fail("TLS", folder.serverCertificate() + " is not of the CA in " + folder.ca(),
                    "put both back from your backup, or make another: " + context.program() + " init --renew-tls");
        }
    }

    private void names(X509Certificate server, ServerConfig.@Nullable Listen listen, String renew)
            throws GeneralSecurityException {
        List<String> has = new ArrayList<>();
        if (server.getSubjectAlternativeNames() != null) {
            server.getSubjectAlternativeNames().forEach(name -> has.add(String.valueOf(name.get(1))));
        }
        List<String> missing = listen == null ? List.of()
                : listen.names().stream().filter(name -> !name.contains(":") && !has.contains(name)).toList();
        if (missing.isEmpty()) {
            diagnosis.ok("TLS names", String.join(", ", has));
        } else {
            diagnosis.warn("TLS names", "the certificate lacks " + String.join(", ", missing) + " of listen.names",
                    "make another: " + renew);
        }
    }

    private void database() {
        if (!Files.isDirectory(folder.database())) {
            diagnosis.ok("database", "none yet: the first start makes it");
            return;
        }
        Boolean inUse = isInUse();
        diagnosis.ok("database", folder.database()
                + (inUse == null ? "" : inUse ? " is in use by a running service" : " is not in use"));
        try (Stream<Path> anchors = Files.isDirectory(folder.anchors()) ? Files.list(folder.anchors())
                : Stream.empty()) {
            long count = anchors.count();
            if (count == 0 || Files.notExists(folder.anchorKey())) {
                diagnosis.warn("anchor", "there is none that says how far the database was written",
                        "if it was there before, look with: " + context.program() + " repair");
            } else {
                diagnosis.tried("anchor", () -> {
                    PrivateFile.read(folder.anchorKey());
                    return count + " in " + folder.anchors() + ", and their key";
                });
            }
        } catch (IOException e) {
            diagnosis.fail("anchor", folder.anchors() + " cannot be read: " + e.getMessage(), "check its permissions");
        }
    }

    /** Whether a process holds the database; null when that cannot be told here. The lock itself is left alone. */
    @Nullable
    Boolean isInUse() {
        try {
            Object inode = Files.getAttribute(folder.database().resolve("LOCK"), "unix:ino");
            return Files.readString(LOCKS).lines().anyMatch(line -> line.contains(":" + inode + " "));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }

    private void upstream(UpstreamConfig upstream) {
        String what = "upstream " + upstream.name();
        switch (upstream.reach()) {
            case Http http -> {
                Credential credential = http.credential();
                if (credential == null) {
                    diagnosis.ok(what, "at " + http.url());
                } else {
                    credential(what, credential);
                }
            }
            case Stdio stdio -> {
                String program = stdio.command().get(0);
                Path where = stdio.folder();
                if (!isExecutable(program, where)) {
                    diagnosis.fail(what, program + " is no program that is found here",
                            "install it, or write its whole path in " + folder.config());
                } else if (where != null && !Files.isDirectory(where)) {
                    diagnosis.fail(what, "its folder " + where + " is not there",
                            "make it, or correct the configuration");
                } else {
                    diagnosis.ok(what, "runs " + program);
                }
                stdio.credentials().values().forEach(credential -> credential(what, credential));
            }
        }
    }

    private void credential(String what, Credential credential) {
        switch (credential) {
            case InFile file -> diagnosis.tried(what, () -> {
                PrivateFile.read(file.file());
                return "its secret is in " + file.file() + ", readable by its owner alone";
            });
            case InVariable variable -> {
                if (context.environment().getOrDefault(variable.name(), "").isEmpty()) {
                    diagnosis.warn(what,
                            "its secret is to be in the variable " + variable.name() + ", which is not set here",
                            "set it where the service is started");
                } else {
                    diagnosis.ok(what, "its secret is in the variable " + variable.name());
                }
            }
        }
    }

    private boolean isExecutable(String program, @Nullable Path where) {
        if (program.contains("/")) {
            return Files.isExecutable(where == null ? Path.of(program) : where.resolve(program));
        }
        return Stream.of(context.environment().getOrDefault("PATH", "").split(":"))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }
}
