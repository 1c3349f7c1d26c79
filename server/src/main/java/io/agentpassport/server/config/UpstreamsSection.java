package io.agentpassport.server.config;

import io.agentpassport.server.config.UpstreamsConfig.Credential;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.config.UpstreamsConfig.InFile;
import io.agentpassport.server.config.UpstreamsConfig.InVariable;
import io.agentpassport.server.config.UpstreamsConfig.Reach;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code upstreams} of the configuration. */
final class UpstreamsSection {

    /** The path of what can only stand in the file: its keys are names that the operator chose. */
    static final String SERVERS = "upstreams.servers";

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MAX_SERVERS = 64;
    private static final int MAX_RESULT_BYTES = 4 << 20;
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,63}";
    private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,127}";

    private final Path folder;
    private final List<String> allowHosts;

    private UpstreamsSection(Path folder, List<String> allowHosts) {
        this.folder = folder;
        this.allowHosts = allowHosts;
    }

    /**
     * Reads it.
     *
     * @param folder
     *            what relative paths start from
     */
    static UpstreamsConfig read(Section section, UpstreamsConfig usual, Path folder) {
        List<String> hosts = section.texts("allow_hosts", usual.allowHosts());
        List<AddressRange> networks = section.orElse(usual.allowNetworks(), () -> networks(section));
        boolean builtIn = section.flag("builtin", usual.builtIn());
        Duration refresh = section.duration("refresh", usual.refresh(), SECOND, Duration.ofDays(1));
        Section servers = section.section("servers");
        List<UpstreamConfig> read = new ArrayList<>();
        for (String name : servers.names()) {
            servers.orElse(read, () -> {
                Section server = servers.section(name);
                if (!name.matches(NAME) || name.equals(UpstreamsConfig.BUILT_IN) || read.size() == MAX_SERVERS) {
                    throw servers.wrong(name, "is no name of an upstream: 1 to 64 of a-z 0-9 -, not `builtin`, "
                            + MAX_SERVERS + " upstreams at most");
                }
                read.add(new UpstreamsSection(folder, hosts).server(name, server));
                return read;
            });
        }
        servers.end();
        section.end();
        return new UpstreamsConfig(builtIn, hosts, networks, refresh, read);
    }

    private static List<AddressRange> networks(Section section) {
        List<AddressRange> networks = new ArrayList<>();
        for (String text : section.texts("allow_networks", List.of())) {
            AddressRange network = AddressRange.fromText(text);
            if (network == null) {
                throw section.wrong("allow_networks", "has `" + text + "`, which " + AddressRange.problem(text));
            }
            networks.add(network);
        }
        return networks;
    }

    private UpstreamConfig server(String name, Section section) {
        var server = new UpstreamConfig(name, reach(section),
                section.duration("timeout", Duration.ofSeconds(30), Duration.ofMillis(10), Duration.ofMinutes(10)),
                section.integer("max_bytes", 1 << 19, 1024, MAX_RESULT_BYTES),
                section.integer("calls", 32, 1, 1_000), section.optional("idempotency_meta"));
        section.end();
        return server;
    }

    private Reach reach(Section section) {
        String url = section.optional("url");
        List<String> command = section.texts("command", List.of());
        if ((url == null) == command.isEmpty()) {
            throw section.wrong("url", "or command must say how it is reached, one of them");
        }
        if (url != null) {
            Section credential = section.section("credential");
            String header = credential.text("header", "Authorization");
            String prefix = credential.text("prefix", header.equals("Authorization") ? "Bearer" : "none");
            if (!header.matches("[A-Za-z0-9-]{1,64}") || !prefix.matches("[A-Za-z0-9-]{1,64}")) {
                throw credential.wrong("header", "and prefix are 1 to 64 of A-Z a-z 0-9 -");
            }
            Credential secret = credential(credential);
            credential.end();
            return new Http(url(section, url), header, prefix.equals("none") ? "" : prefix, secret);
        }
        String where = section.optional("folder");
        Map<String, String> environment = new LinkedHashMap<>();
        Section variables = section.section("environment");
        for (String variable : variables.names()) {
            environment.put(variable(variables, variable), variables.text(variable, ""));
        }
        Map<String, Credential> secrets = new LinkedHashMap<>();
        Section hidden = section.section("secrets");
        for (String variable : hidden.names()) {
            Section one = hidden.section(variable);
            Credential secret = credential(one);
            one.end();
            if (secret == null) {
                throw hidden.wrong(variable, "must name a file or a variable");
            }
            secrets.put(variable(hidden, variable), secret);
        }
        return new Stdio(command, where == null ? null : folder.resolve(where), environment, secrets);
    }

    private static String variable(Section section, String name) {
        if (!name.matches(VARIABLE)) {
            throw section.wrong(name, "is no name of a variable");
        }
        return name;
    }

    private @Nullable Credential credential(Section section) {
        String file = section.optional("file");
        String variable = section.optional("variable");
        if (file != null && variable != null) {
            throw section.wrong("file", "and variable are both given; one is enough");
        }
        if (file != null) {
            return new InFile(folder.resolve(file));
        }
        return variable == null ? null : new InVariable(variable(section, variable));
    }

    private URI url(Section section, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw section.wrong("url", "is no URL");
        }
        String host = url.getHost();
        boolean https = "https".equals(url.getScheme());
        if (host == null || !(https || "http".equals(url.getScheme())) || url.getRawUserInfo() != null
                || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw section.wrong("url", "must be http:// or https://, a host and a path, and nothing else;"
                    + " credentials have their own key");
        }
        String name = host.toLowerCase(Locale.ROOT);
        boolean usual = url.getPort() < 0 || url.getPort() == (https ? 443 : 80);
        if (!(usual && allowHosts.contains(name)) && !allowHosts.contains(name + ":" + url.getPort())) {
            throw section.wrong("url", "is at a host that upstreams.allow_hosts does not list: "
                    + (usual ? name : name + ":" + url.getPort()));
        }
        return url;
    }
}
