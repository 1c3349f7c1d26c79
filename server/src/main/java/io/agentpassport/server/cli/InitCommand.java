package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.Setup;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.issuance.ServiceKeys;
import io.agentpassport.server.tls.TlsAuthority;
import io.agentpassport.server.tls.TlsFiles;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes what a service needs before its first start. */
@Command(name = "init", mixinStandardHelpOptions = true, description = {
    "Make a service's keys, its TLS certificates, the first admin's credential and the configuration, in a new data"
            + " folder. Nothing is sent anywhere, and nothing that is there is overwritten."
}, footer = {"  ${COMMAND-FULL-NAME} --data /var/lib/passport --binding passport://passport.example.com \\",
    "      --server-name passport.example.com",
    "  ${COMMAND-FULL-NAME} --renew-tls --data /var/lib/passport"})
final class InitCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    DataOption data = new DataOption();

    @Option(names = "--binding", paramLabel = "URI", defaultValue = "passport://localhost", description = "The resource"
            + " domain that the service serves, its audience. Default: ${DEFAULT-VALUE}.")
    String binding = "";

    @Option(names = "--issuer-domain", paramLabel = "DOMAIN",
            description = "The domain its certificates are issued for."
                    + " Default: the host part of the binding.")
    @Nullable
    String issuerDomain;

    @Option(names = "--name", paramLabel = "TEXT",
            description = "The service's name for people. Default: Agent Passport.")
    @Nullable
    String name;

    @Option(names = "--server-name", paramLabel = "NAME", description = "A name or address by which clients reach it;"
            + " may be given several times. localhost, 127.0.0.1 and ::1 are there anyway.")
    List<String> serverNames = List.of();

    @Option(names = "--admin", paramLabel = "NAME", defaultValue = "admin", description = "Who the first admin is."
            + " Default: ${DEFAULT-VALUE}.")
    String admin = "";

    @Option(names = "--renew-tls", description = "Only make the server's and the admin's TLS certificates anew, under"
            + " the CA that is there.")
    boolean renewTls;

    @Mixin
    JsonOption json = new JsonOption();

    InitCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        requireText("--binding", binding, 256);
        requireText("--admin", admin, TlsAuthority.MAX_NAME_CHARS);
        DataFolder folder = data.of(context);
        if (renewTls) {
            renew(folder);
            answer(folder, null, null);
        } else {
            Service usual = Service.at(binding);
            var service = new Service(binding, issuerDomain == null ? usual.issuerDomain() : issuerDomain,
                    name == null ? usual.name() : name, usual.protocolVersions());
            requireText("--issuer-domain", service.issuerDomain(), 256);
            requireText("--name", service.name(), 256);
            ServiceKeys keys = new Setup(folder, service, serverNames, admin).create(context.clock().instant(),
                    context.nonces());
            answer(folder, keys.bundle().publicKey().hex(), keys.log().publicKey().hex());
        }
        return 0;
    }

    private void answer(DataFolder folder, @Nullable String publisher, @Nullable String logKey) {
        if (json.isAsked()) {
            JsonOption.print(context.out(), document(folder, publisher, logKey));
        } else {
            print(folder, publisher, logKey, context.out());
        }
    }

    private void renew(DataFolder folder) {
        if (!folder.isInitialised()) {
            throw CommandFailure.unusable("there is no service in " + folder + " whose TLS could be renewed; name it"
                    + " with --data");
        }
        ServerConfig config = ConfigFile.read(folder.config(), folder);
        List<String> names = serverNames.isEmpty() ? config.listen().names() : serverNames;
        new TlsFiles(folder).renew(names, admin, context.clock().instant(), context.nonces());
    }

    private JsonObject document(DataFolder folder, @Nullable String publisher, @Nullable String logKey) {
        return JsonObject.builder()
                .put("publisher_pubkey_hex", publisher)
                .put("log_pubkey_hex", logKey)
                .put("data", folder.toString())
                .put("config", folder.config().toString())
                .put("ca", folder.ca().toString())
                .put("admin_certificate", folder.adminCertificate().toString())
                .put("admin_key", folder.adminKey().toString())
                .build();
    }

    private void print(DataFolder folder, @Nullable String publisher, @Nullable String logKey, PrintStream out) {
        out.println(renewTls ? "Made anew in " + folder + ":" : "Made in " + folder + ":");
        out.println("  tls/server.pem        the server's TLS certificate, and tls/server-key.pem");
        out.println("  admin/admin.pem       the credential of " + admin + ", with admin/admin-key.pem: hand it over");
        if (publisher != null) {
            out.println("  tls/ca.pem            the CA: every client needs it");
            out.println("  tls/ca-key.pem        its key: only renewing needs it, keep it elsewhere if you can");
            out.println("  keys/                 the service's own keys: keep a copy in a safe place");
            out.println("  passport.yaml         the configuration: read it through");
            out.println("Its publisher key, by which others verify its trust bundles:");
            out.println("  " + publisher);
            out.println("Its log key, by which anybody verifies its receipts:");
            out.println("  " + logKey);
        }
        out.println("Next:");
        out.println("  " + context.program() + " server --data " + CliContext.quoted(folder.toString()));
        out.flush();
    }

    private static void requireText(String option, String text, int most) {
        if (text.isEmpty() || text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
            throw CommandFailure.unusable(option + " must have 1 to " + most + " characters");
        }
    }
}
