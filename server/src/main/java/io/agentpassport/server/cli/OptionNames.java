package io.agentpassport.server.cli;

import io.agentpassport.client.PassportException;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.wire.ErrorReason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What the service says of a field of a request, told of the option or argument that the field was filled from. */
final class OptionNames {

    /** Where an option has another name than its field. */
    private static final Map<String, String> OTHERS = Map.of("certificate_life", "--life", "renew_until",
            "--renewable-for", "names", "--capability", "attestation_grade", "--grade", "page_size", "--limit",
            "expires_at", "--for", "initial", "--budget");

    private OptionNames() {}

    /** The message of the exception, in the words of that command where it has some. */
    static String message(PassportException e, CommandSpec command) {
        String field = e.metadata().get("field");
        String problem = e.metadata().get("problem");
        String role = e.metadata().get("role");
        if (e.errorReason() == ErrorReason.ROLE_REQUIRED && role != null && AdminRole.fromText(role) != null) {
            return e.getMessage()
                    + ": name the credential of an admin who has it with --cert and --cert-key, or make one"
                    + " where the service's data folder is: ./passport admins add NAME --role " + role;
        }
        if (e.errorReason() == ErrorReason.INVALID_PAGE_TOKEN) {
            return "--page-token is not one of this list with these filters; begin again without it";
        }
        if (e.errorReason() != ErrorReason.INVALID_FIELD || field == null || problem == null) {
            return String.valueOf(e.getMessage());
        }
        String name = name(field, command);
        boolean sentence = problem.startsWith("must ") || problem.startsWith("is ");
        return (name == null ? field : name) + (sentence ? " " : ": ") + problem;
    }

    /** The innermost part of the field's path that this command takes; null when it takes none. */
    private static @Nullable String name(String field, CommandSpec command) {
        List<String> parts = Arrays.asList(field.replaceAll("\\[\\d+]", "").split("[.:]", -1));
        for (String part : parts.reversed()) {
            for (String option : List.of(OTHERS.getOrDefault(part, ""), "--" + part.replace('_', '-'),
                    "--" + part.replace('_', '-').replaceAll("s$", ""),
                    "--" + part.replace('_', '-').replaceAll("-id$", ""))) {
                if (command.findOption(option) != null) {
                    return option;
                }
            }
            String label = part.toUpperCase(Locale.ROOT);
            if (command.positionalParameters().stream().anyMatch(taken -> taken.paramLabel().equals(label))) {
                return label;
            }
        }
        return null;
    }
}
