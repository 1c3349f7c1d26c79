package io.agentpassport.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.server.config.ServerConfig.Log;
import io.agentpassport.server.config.ServerConfig.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    private static final DataFolder DATA = new DataFolder(Path.of("data"));

    @TempDir
    Path folder;

    @Test
    void theSampleShowsEveryKeyAtItsDefault() {
        String sample = ConfigFile.sample(Service.at("passport://localhost"), List.of());

        assertThat(ConfigFile.parse(sample, DATA)).isEqualTo(ServerConfig.defaults(DATA));
        assertThat(ConfigFile.parse("", DATA)).isEqualTo(ServerConfig.defaults(DATA));
    }

    @Test
    void theSampleSaysWhoTheServiceIsWhateverItsName() {
        var service = new Service("passport://\"a\\b\".example", "issuer: #1", "it's \"ours\"", List.of("1.0"));

        assertThat(ConfigFile.parse(ConfigFile.sample(service, List.of()), DATA).service()).isEqualTo(service);
    }

    @Test
    void theSampleKeepsTheNamesForTheNextTlsCertificate() {
        var names = List.of("passport.example", "2001:db8::1", "*.passport.example");

        assertThat(
                ConfigFile.parse(ConfigFile.sample(Service.at("passport://localhost"), names), DATA).listen().names())
                .isEqualTo(names);
    }

    @Test
    void readsEveryKey() {
        ServerConfig config = ConfigFile.parse("""
                service: {binding: "passport://a.example:1/x", name: n, protocol_versions: ["1.1", "1.0"]}
                listen: {host: "::1", port: 0, names: [b.example], plaintext: true, reflection: true}
                certificates: {max_life: 2d}
                handshake: {max_clock_skew: 500ms, min_agent_grade: 2, required_capabilities: [pay]}
                sessions: {max_life: 9h, idle_timeout: 16m, per_identity: 6}
                gateway: {calls_per_second: 11, burst: 22, in_flight: 17, tool_timeout: 31s}
                peers: {connections: 65, attests_per_address: 21, attests_per_identity: 2}
                log: {format: text, level: debug}
                management: {host: "::1", port: off}
                accept: [listen.plaintext]
                """, DATA);

        assertThat(config).isEqualTo(new ServerConfig(DATA, false,
                new Service("passport://a.example:1/x", "a.example", "n", List.of("1.1", "1.0")),
                new ServerConfig.Listen("::1", 0, List.of("b.example"), true, true),
                new ServerConfig.Certificates(Duration.ofDays(2)),
                new ServerConfig.Handshake(Duration.ofMillis(500), 2, List.of("pay")),
                new ServerConfig.Sessions(Duration.ofHours(9), Duration.ofMinutes(16), 6),
                new ServerConfig.Gateway(11, 22, 17, Duration.ofSeconds(31)),
                new ServerConfig.Peers(65, 21, 2),
                new Log(Log.Format.TEXT, Log.Level.DEBUG), new ServerConfig.Management("::1", null),
                UpstreamsConfig.DEFAULT, List.of("listen.plaintext")));
    }

    @Test
    void refusesAnUnknownKeyWithItsPathAndTheClosestKnownOne() {
        assertRefused("listen: {prot: 1}", "unknown key listen.prot; did you mean listen.port?");
        assertRefused("sesions: {}", "unknown key sesions; did you mean sessions?");
        assertRefused("log: {colour_of_the_rain: 1}", "unknown key log.colour_of_the_rain; known here: format, level");
    }

    @Test
    void refusesAValueOfTheWrongTypeOrBeyondItsLimits() {
        assertRefused("listen: 3", "listen must be a mapping");
        assertRefused("listen: {port: 65536}", "listen.port must be an integer, 0 to 65535");
        assertRefused("listen: {port: \"7443\"}", "listen.port must be an integer, 0 to 65535");
        assertRefused("listen: {plaintext: maybe}", "listen.plaintext must be true or false");
        assertRefused("listen: {names: [1]}", "listen.names[0] must be a text of 1 to 256 characters");
        assertRefused("service: {binding: \"\"}", "service.binding must be a text of 1 to 256 characters");
        assertRefused("service: {binding: " + "b".repeat(257) + "}", "service.binding must be a text of 1 to 256");
        assertRefused("service: {protocol_versions: []}", "service.protocol_versions must name a version");
        assertRefused("certificates: {max_life: 31d}", "certificates.max_life must be a duration such as");
        assertRefused("certificates: {max_life: 15}", "certificates.max_life must be a duration such as");
        assertRefused("handshake: {min_agent_grade: 4}", "handshake.min_agent_grade must be an integer, 0 to 3");
        assertRefused("upstreams: {allow_networks: [\"10.1.2.3/16\"]}",
                "upstreams.allow_networks has `10.1.2.3/16`, which goes on behind the first 16 bits: write 10.1.0.0/16");
        assertRefused("log: {level: loud}", "log.level must be one of error, warn, info, debug");
        assertThat(ConfigFile.parse("certificates: {max_life: 30d}", DATA).certificates().maxLife())
                .isEqualTo(Duration.ofDays(30));
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertRefused("a: [", "is not YAML: ");
        assertRefused("- a", "must be a mapping of sections");
        assertRefused("log: {level: info, level: debug}", "is not YAML: ");
        assertRefused("service: !!java.lang.String {}", "is not YAML: ");
        assertRefused("\"\\u", "is not YAML: an escape in a text");
    }

    @Test
    void namesTheFileInTheAnswer() throws IOException {
        Path file = Files.writeString(folder.resolve("passport.yaml"), "listen: {port: -1}");

        assertThatThrownBy(() -> ConfigFile.read(file, DATA)).isInstanceOf(ConfigException.class)
                .hasMessage(file + ": listen.port must be an integer, 0 to 65535 (line 1)");
        assertThatThrownBy(() -> ConfigFile.read(folder.resolve("absent.yaml"), DATA))
                .hasMessageContaining("absent.yaml cannot be read: it does not exist");
    }

    @Test
    void aRelaxedSettingMustBeAcceptedByName() {
        ServerConfig relaxed = ConfigFile.parse("certificates: {max_life: 25h}", DATA);

        assertThat(relaxed.relaxed()).containsExactly("certificates.max_life");
        assertThatThrownBy(relaxed::requireAccepted).isInstanceOf(ConfigException.class)
                .hasMessageContaining("certificates.max_life is weaker than its default");
        ConfigFile.parse("certificates: {max_life: 25h}\naccept: [certificates.max_life]", DATA).requireAccepted();
        relaxed.forDevelopment().requireAccepted();
        assertThat(ServerConfig.defaults(DATA).relaxed()).isEmpty();
    }

    @Test
    void knowsEveryRelaxedSetting() {
        ServerConfig config = ConfigFile.parse("""
                listen: {plaintext: true, reflection: true}
                certificates: {max_life: 30d}
                handshake: {max_clock_skew: 61s}
                sessions: {max_life: 9h, idle_timeout: 16m, per_identity: 6}
                """, DATA);

        assertThat(config.relaxed()).containsExactly("listen.plaintext", "listen.reflection", "certificates.max_life",
                "handshake.max_clock_skew", "sessions.max_life", "sessions.idle_timeout", "sessions.per_identity");
    }

    private static void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> ConfigFile.parse(yaml, DATA)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
