package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.server.tls.TlsFiles;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes credentials for more admins: a call that asks for two persons needs two. */
@Command(name = "admins", mixinStandardHelpOptions = true,
        description = "Make credentials for more admins, with which each decides in its own name.",
        footer = "  ${COMMAND-FULL-NAME} add ann --role approver --data passport-data")
final class AdminsCommand {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final CliContext context;

    AdminsCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "add", mixinStandardHelpOptions = true,
            description = "Make a credential of that name under the CA of the data folder: who holds it may do in the"
                    + " service what its roles say for 397 days, and look at all but the log. The service need not be stopped.",
            footer = "  ${COMMAND-FULL-NAME} ann --role approver --role auditor --data passport-data")
    int add(@Parameters(paramLabel = "NAME",
            description = "Who it is: up to 64 letters, digits, dots, dashes, underscores.") String name,
            @Option(names = "--role", paramLabel = "ROLE", required = true, description = {
                "What it may do; may be given several times.",
                "issuer: issue and revoke certificates, say whose are believed",
                "policy: put policies",
                "operator: grants, budgets, sessions, tools",
                "auditor: read and export the log, with what is private in it",
                "approver: decide approvals"}) List<String> roleNames,
            @Mixin DataOption data, @Mixin JsonOption json) {
        if (!NAME.matcher(name).matches()) {
            throw CommandFailure
                    .unusable("NAME is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a"
                            + " letter or digit, not " + name);
        }
        DataFolder folder = data.of(context);
        if (!folder.isInitialised()) {
            throw CommandFailure.unusable("there is no service in " + folder + "; name it with --data");
        }
        Set<AdminRole> roles = roles(roleNames);
        Path certificate = folder.admin().resolve(name + ".pem");
        Path key = folder.admin().resolve(name + "-key.pem");
        new TlsFiles(folder).addAdmin(name, roles, certificate, key, context.clock().instant(), context.nonces());
        json.print(context, JsonObject.builder()
                .put("name", name)
                .put("roles", JsonArray.ofStrings(roles.stream().map(AdminRole::text).toList()))
                .put("admin_certificate", certificate.toString())
                .put("admin_key", key.toString())
                .build(),
                "Made the credential of " + name + " ("
                        + roles.stream().map(AdminRole::text).collect(Collectors.joining(", "))
                        + "): hand both files over, with " + folder.ca() + ".",
                "  " + certificate, "  " + key, "Next, as " + name + ":",
                "  " + context.program() + " " + first(roles) + " --cert " + CliContext.quoted(certificate.toString())
                        + " --cert-key " + CliContext.quoted(key.toString()));
        return 0;
    }

    /** A command to begin with, which the first of these roles is there for. */
    private static String first(Set<AdminRole> roles) {
        return roles.stream().findFirst().map(role -> switch (role) {
            case ISSUER -> "certificates list";
            case POLICY -> "policy list";
            case OPERATOR -> "grants list";
            case AUDITOR -> "audit tail --private";
            case APPROVER -> "approvals list";
        }).orElse("approvals list");
    }

    private static Set<AdminRole> roles(List<String> names) {
        Set<AdminRole> roles = EnumSet.noneOf(AdminRole.class);
        for (String name : names) {
            AdminRole role = AdminRole.fromText(name);
            if (role == null) {
                throw CommandFailure.unusable("--role is "
                        + Stream.of(AdminRole.values()).map(AdminRole::text).collect(Collectors.joining(", "))
                        + ", not "
                        + name);
            }
            roles.add(role);
        }
        return roles;
    }
}
