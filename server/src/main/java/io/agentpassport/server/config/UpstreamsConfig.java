package io.agentpassport.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where allowed calls can go.
 *
 * @param builtIn
 *            whether the service has tools of its own, as the upstream {@link #BUILT_IN}
 * @param allowHosts
 *            the hosts that HTTP upstreams may be at, as {@code host} or {@code host:port}
 * @param allowNetworks
 *            the private, loopback and link-local networks that may be connected to, as {@code 10.1.0.0/16}
 * @param refresh
 *            how often each is asked for its tools
 * @param servers
 *            the others, by name
 */
public record UpstreamsConfig(boolean builtIn, List<String> allowHosts, List<AddressRange> allowNetworks,
        Duration refresh,
        List<UpstreamConfig> servers) {

    /** The name of the upstream that is the service itself. */
    public static final String BUILT_IN = "builtin";

    /** The tools of the service itself, and nothing else. */
    public static final UpstreamsConfig DEFAULT = new UpstreamsConfig(true, List.of(), List.of(),
            Duration.ofMinutes(5), List.of());

    public UpstreamsConfig {
        allowHosts = List.copyOf(allowHosts);
        allowNetworks = List.copyOf(allowNetworks);
        servers = List.copyOf(servers);
    }

    /**
     * A server of the Model Context Protocol.
     *
     * @param name
     *            {@code [a-z0-9][a-z0-9-]{0,63}}
     * @param timeout
     *            the longest that one call may take
     * @param maxBytes
     *            the largest answer that is read
     * @param calls
     *            how many calls may be under way at once
     * @param idempotencyMeta
     *            the member of {@code _meta} in which the upstream takes an idempotency key; null for one that takes none
     */
    public record UpstreamConfig(String name, Reach reach, Duration timeout, int maxBytes, int calls,
            @Nullable String idempotencyMeta) {}

    /** How it is reached. */
    public sealed interface Reach {}

    /**
     * Over Streamable HTTP.
     *
     * @param url
     *            http or https, without user, query and fragment
     * @param header
     *            the header that carries the credential
     * @param prefix
     *            what stands before the credential in it, such as {@code Bearer}
     * @param credential
     *            null when it asks for none
     */
    public record Http(URI url, String header, String prefix, @Nullable Credential credential) implements Reach {}

    /**
     * As a process of this service that speaks over its standard input and output.
     *
     * @param command
     *            the program and its arguments; no shell reads them
     * @param folder
     *            where it runs; null for that of the service
     * @param environment
     *            all that it sees of the environment, besides PATH
     * @param credentials
     *            further variables, whose values are secrets
     */
    public record Stdio(List<String> command, @Nullable Path folder, Map<String, String> environment,
            Map<String, Credential> credentials) implements Reach {

        public Stdio {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            credentials = Map.copyOf(credentials);
        }
    }

    /** Where a secret is; read when a connection is made, so that it can be changed. */
    public sealed interface Credential {}

    /** In a file that nobody else may read. */
    public record InFile(Path file) implements Credential {}

    /** In a variable of the service's environment. */
    public record InVariable(String name) implements Credential {}
}
