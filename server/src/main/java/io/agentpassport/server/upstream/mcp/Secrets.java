package io.agentpassport.server.upstream.mcp;

import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.PrivateFile;
import io.agentpassport.server.config.UpstreamsConfig.Credential;
import io.agentpassport.server.config.UpstreamsConfig.InFile;
import io.agentpassport.server.config.UpstreamsConfig.InVariable;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads credentials where the configuration says that they are.
 *
 * @param environment
 *            that of the service
 */
public record Secrets(Map<String, String> environment) {

    private static final int MAX_CHARACTERS = 8192;

    public Secrets {
        environment = Map.copyOf(environment);
    }

    /**
     * The secret.
     *
     * @throws ConfigException
     *             when it is not there, or others can read it; no part of it is in the message
     */
    String read(Credential credential) {
        String secret = switch (credential) {
            case InFile file -> new String(PrivateFile.read(file.file()), StandardCharsets.UTF_8).strip();
            case InVariable variable -> {
                String value = environment.get(variable.name());
                if (value == null) {
                    throw new ConfigException("the environment has no variable " + variable.name());
                }
                yield value;
            }
        };
        if (secret.isEmpty() || secret.length() > MAX_CHARACTERS
                || secret.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new ConfigException("a credential is one line of printable ASCII");
        }
        return secret;
    }

    /** What a child is given of our own environment. */
    Map<String, String> forChildren() {
        String path = environment.get("PATH");
        return path == null ? Map.of() : Map.of("PATH", path);
    }
}
