package io.agentpassport.server.cli;

import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whom a certificate or a join token is for. */
final class SubjectOptions {

    @Option(names = "--role", paramLabel = "ROLE", defaultValue = "agent", converter = RoleConverter.class,
            description = "What it is: agent or information_system. Default: ${DEFAULT-VALUE}.")
    Role role = Role.AGENT;

    @Option(names = "--binding", required = true, paramLabel = "TEXT", converter = BindingConverter.class,
            description = "The agent id it acts under, such as agent:alice, or the domain that a system serves.")
    String binding = "";

    @Option(names = "--subject-id", paramLabel = "TEXT", description = "Its own name for itself. Default: the binding.")
    @Nullable
    String subjectId;

    /** Refuses names that no service takes. */
    void require() {
        Bounds.text("--binding", binding, 1, Bounds.NAME_CHARACTERS);
        Bounds.text("--subject-id", subjectId, 1, Bounds.NAME_CHARACTERS);
    }

    Subject subject() {
        return new Subject(role, subjectId == null ? binding : subjectId, binding, List.copyOf(Subject.VERSIONS));
    }

    /** The binding as the name of a file: letters, digits, dots and dashes of it. */
    String fileName() {
        String name = binding.replaceAll("[^A-Za-z0-9.-]+", "-").replaceAll("^[.-]+|-+$", "");
        return name.isEmpty() ? "passport" : name;
    }

    /** Reads a binding: before a key is made for none. */
    static final class BindingConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isBlank()) {
                throw new TypeConversionException("a binding is a name such as agent:shopper, not empty");
            }
            return text;
        }
    }

    /** Reads a role of a subject. */
    static final class RoleConverter implements ITypeConverter<Role> {
        @Override
        public Role convert(String text) {
            Role role = Role.fromText(text);
            if (role == null || !role.isSubject()) {
                throw new TypeConversionException("a role is agent or information_system, not " + text);
            }
            return role;
        }
    }
}
