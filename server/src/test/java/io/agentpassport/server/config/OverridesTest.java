package io.agentpassport.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OverridesTest {

    private static final DataFolder DATA = new DataFolder(Path.of("data"));

    @Test
    void aFlagCountsBeforeTheEnvironmentAndThatBeforeTheFile() {
        Overrides environment = Overrides.of(Map.of("PASSPORT_LISTEN_PORT", "2"));
        String file = "listen: {port: 1}";

        assertThat(port("", Overrides.NONE)).isEqualTo(7443);
        assertThat(port(file, Overrides.NONE)).isEqualTo(1);
        assertThat(port(file, environment)).isEqualTo(2);
        assertThat(port(file, environment.with("--set", "listen.port", "3"))).isEqualTo(3);
        // The last of two flags is the one that was meant.
        assertThat(port(file, environment.with("--set", "listen.port", "3").with("--port", "listen.port", "4")))
                .isEqualTo(4);
    }

    @Test
    void everyKeyCanBeSetInTheEnvironmentAndByFlag() {
        List<ConfigKey> keys = ConfigFile.keys();
        Map<String, String> environment = new HashMap<>();
        Overrides flags = Overrides.NONE;
        for (ConfigKey key : keys) {
            environment.put(key.variable(), another(key));
            flags = flags.with("--set", key.path(), another(key));
        }

        ConfigReport byVariables = ConfigFile.inspect("", DATA, Overrides.of(environment));
        ConfigReport byFlags = ConfigFile.inspect("", DATA, flags);

        assertThat(keys).hasSizeGreaterThan(20)
                .extracting(ConfigKey::path)
                .contains("listen.port", "accept",
                        "handshake.min_agent_grade", "upstreams.allow_networks");
        assertThat(byVariables.problems()).isEmpty();
        assertThat(byVariables.values()).allMatch(value -> value.origin() == Origin.ENVIRONMENT
                && value.source().equals(ConfigKey.variable(value.path()))).hasSameSizeAs(keys);
        assertThat(byFlags.config()).isEqualTo(byVariables.config());
        assertThat(byFlags.values()).allMatch(value -> value.origin() == Origin.FLAG).hasSameSizeAs(keys);
        assertThat(byFlags.config().sessions().idleTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(byFlags.config().listen().names()).containsExactly("10.0.0.0/8", "::1");
    }

    @Test
    void everyKeyHasAVariableOfItsOwn() {
        assertThat(ConfigFile.keys()).extracting(ConfigKey::variable).doesNotHaveDuplicates();
    }

    @Test
    void aValueOutsideOfTheFileIsHeldToTheSameLimits() {
        assertThat(problems(Map.of("PASSPORT_LISTEN_PORT", "65536")))
                .containsExactly("listen.port must be an integer, 0 to 65535 (PASSPORT_LISTEN_PORT)");
        assertThat(problems(Map.of("PASSPORT_LISTEN_PORT", "007443x"))).hasSize(1);
        assertThat(problems(Map.of("PASSPORT_LISTEN_PLAINTEXT", "yes")))
                .containsExactly("listen.plaintext must be true or false (PASSPORT_LISTEN_PLAINTEXT)");
        assertThat(problems(Map.of("PASSPORT_LOG_LEVEL", "INFO"))).hasSize(1);
        assertThat(problems(Map.of("PASSPORT_LISTEN_NAMES", "a,,b"))).hasSize(1);
        assertThat(problems(Map.of("PASSPORT_SESSIONS_MAX_LIFE", "31d"))).hasSize(1);
    }

    @Test
    void refusesAVariableThatLooksLikeThatOfAKeyAndIsNone() {
        assertThat(problems(Map.of("PASSPORT_LISTEN_PROT", "1"))).containsExactly(
                "the environment has PASSPORT_LISTEN_PROT, which sets no key; did you mean PASSPORT_LISTEN_PORT, for"
                        + " listen.port?");
        assertThat(problems(Map.of("PASSPORT_SESIONS_MAX_LIFE", "1h"))).hasSize(1);
        assertThat(problems(Map.of("PASSPORT_LOG_COLOUR_OF_THE_RAIN", "blue"))).hasSize(1);
        assertThat(problems(Map.of("PASSPORT_UPSTREAMS_SERVERS_FILES_URL", "https://a.example"))).containsExactly(
                "the environment has PASSPORT_UPSTREAMS_SERVERS_FILES_URL, which sets no key; upstreams stand in the file");
    }

    @Test
    void leavesAloneWhatIsNoKeyAndDoesNotLookLikeOne() {
        assertThat(problems(Map.of("PASSPORT_SERVER", "a:1", "PASSPORT_DATA", "d", "PASSPORT_COMMAND", "c",
                "PASSPORT_JAVA_OPTS", "-Xmx1g", "PASSPORT_NO_BUILD", "1", "PASSPORT_MAKE_CACHE", "1", "LISTEN_PORT",
                "x",
                // Kubernetes says where a service named passport is.
                "PASSPORT_SERVICE_HOST", "10.0.0.1", "PASSPORT_SERVICE_PORT", "7443"))).isEmpty();
        assertThat(problems(Map.of("PASSPORT_SERVICE_PORT_GRPC", "1", "PASSPORT_PORT_7443_TCP_ADDR", "10.0.0.1",
                "PASSPORT_PORT", "tcp://10.0.0.1:7443"))).isEmpty();
        // A variable without a value says nothing.
        assertThat(port("", Overrides.of(Map.of("PASSPORT_LISTEN_PORT", "")))).isEqualTo(7443);
    }

    @Test
    void refusesAFlagForAKeyThatThereIsNot() {
        assertThatThrownBy(() -> Overrides.NONE.with("--set", "listen.prot", "1")).isInstanceOf(ConfigException.class)
                .hasMessage("--set: there is no key listen.prot; did you mean listen.port?");
        assertThatThrownBy(() -> Overrides.NONE.with("--set", "upstreams.servers.files.url", "x"))
                .hasMessageContaining("upstreams stand in the file");
    }

    @Test
    void tellsAllProblemsAtOnceAndWhereTheyStand() {
        ConfigReport report = ConfigFile.inspect("""
                listen:
                  port: 70000
                  plaintext: maybe
                lisen: {}
                upstreams:
                  servers:
                    Files: {command: [x]}
                    tickets:
                      url: "ftp://a.example"
                      calls: 0
                """, DATA, Overrides.of(Map.of("PASSPORT_LOG_LEVEL", "loud", "PASSPORT_LOG_LEVL", "info")));

        assertThat(report.problems()).extracting(ConfigProblem::text)
                .containsExactlyInAnyOrder(
                        "the environment has PASSPORT_LOG_LEVL, which sets no key; did you mean PASSPORT_LOG_LEVEL, for log.level?",
                        "listen.port must be an integer, 0 to 65535 (line 2)",
                        "listen.plaintext must be true or false (line 3)",
                        "unknown key lisen; did you mean listen? Known here: service, listen, certificates, handshake, sessions,"
                                + " gateway, peers, log, management, upstreams, accept (line 4)",
                        "log.level must be one of error, warn, info, debug (PASSPORT_LOG_LEVEL)",
                        "upstreams.servers.Files is no name of an upstream: 1 to 64 of a-z 0-9 -, not `builtin`, 64 upstreams at"
                                + " most (line 7)",
                        "upstreams.servers.tickets.url must be http:// or https://, a host and a path, and nothing else;"
                                + " credentials have their own key (line 9)");
        // What is wrong is not taken: the default stands.
        assertThat(report.config().listen().port()).isEqualTo(7443);
    }

    @Test
    void whatIsPrintedReadsBackAsTheSame() {
        String file = """
                service: {name: "it's \\"ours\\""}
                listen: {names: [a.example, "*.b.example"]}
                handshake: {min_agent_grade: 2}
                upstreams:
                  allow_hosts: [mcp.example]
                  servers:
                    "true": {url: "https://mcp.example/mcp", credential: {file: "secrets/tickets"}, timeout: 1500ms}
                    files-2: {command: [npx, "-y", x], environment: {HOME: "/srv/files"}, secrets: {T: {variable: V}}}
                """;
        ConfigReport report = ConfigFile.inspect(file, DATA,
                Overrides.of(Map.of("PASSPORT_SESSIONS_PER_IDENTITY", "3")).with("--port", "listen.port", "1"));

        for (boolean origins : new boolean[]{false, true}) {
            String printed = ConfigYaml.of(report.values(), origins);
            assertThat(ConfigFile.parse(printed, DATA)).as(printed).isEqualTo(report.config());
        }
        assertThat(ConfigYaml.of(report.values(), true)).contains("\n  port: 1  # flag --port\n",
                "\n  per_identity: 3  # environment PASSPORT_SESSIONS_PER_IDENTITY\n",
                "\n  min_agent_grade: 2  # file\n", "\n  burst: 20  # default\n");
    }

    @Test
    void aSecretThatStandsAmongPlainVariablesIsNotPrinted() {
        ConfigReport report = ConfigFile.inspect(
                "upstreams: {servers: {files: {command: [x], environment: {HOME: /srv, API_TOKEN: hunter2}}}}", DATA,
                Overrides.NONE);

        assertThat(report.problems()).isEmpty();
        assertThat(ConfigYaml.of(report.values(), true)).contains("/srv", ConfigYaml.NOT_SHOWN)
                .doesNotContain("hunter2");
    }

    private static int port(String file, Overrides overrides) {
        return ConfigFile.parse(file, DATA, overrides).listen().port();
    }

    private static List<String> problems(Map<String, String> environment) {
        return ConfigFile.inspect("", DATA, Overrides.of(environment))
                .problems()
                .stream()
                .map(ConfigProblem::text)
                .collect(Collectors.toList());
    }

    /** A value that is allowed, and not the default. */
    private static String another(ConfigKey key) {
        String kind = key.kind();
        if (kind.startsWith("integer")) {
            return "2";
        }
        if (kind.startsWith("duration")) {
            return "7s";
        }
        if (kind.startsWith("one of")) {
            return kind.substring(kind.lastIndexOf(' ') + 1);
        }
        return switch (kind) {
            case "true or false" -> "true".equals(key.fallback()) ? "false" : "true";
            case "list of texts" -> "10.0.0.0/8,::1";
            default -> "a text";
        };
    }
}
