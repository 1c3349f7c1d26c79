package io.agentpassport.server.config;

import static java.util.stream.Collectors.joining;

import io.agentpassport.server.config.ServerConfig.Certificates;
import io.agentpassport.server.config.ServerConfig.Gateway;
import io.agentpassport.server.config.ServerConfig.Handshake;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.config.ServerConfig.Log;
import io.agentpassport.server.config.ServerConfig.Management;
import io.agentpassport.server.config.ServerConfig.Peers;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.config.ServerConfig.Sessions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads {@code passport.yaml}, and writes the first one. */
public final class ConfigFile {

    private static final String SAMPLE = "passport.yaml";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @param data where everything else of the service is
     * @throws ConfigException when it cannot be read, others may write to it, or it has problems: with all of them
     */
    public static ServerConfig read(Path file, DataFolder data) {
        return read(file, data, Overrides.NONE);
    }

    /**
     * Reads a file, and what is said outside of it.
     *
     * @throws ConfigException as the other
     */
    public static ServerConfig read(Path file, DataFolder data, Overrides overrides) {
        return inspect(file, data, overrides).orThrow(file.toString());
    }

    /**
     * The same, for whoever wants to know all of it.
     *
     * @throws ConfigException when the file cannot be read at all, or others may write to it
     */
    public static ConfigReport inspect(Path file, DataFolder data, Overrides overrides) {
        byte[] yaml = PrivateFile.readOwn(file);
        try {
            return inspect(new String(yaml, StandardCharsets.UTF_8), data, overrides);
        } catch (ConfigException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads the text of a file, see {@link #read}. */
    public static ServerConfig parse(String yaml, DataFolder data) {
        return parse(yaml, data, Overrides.NONE);
    }

    /** Reads the text of a file and what is said outside of it, see {@link #read}. */
    public static ServerConfig parse(String yaml, DataFolder data, Overrides overrides) {
        return inspect(yaml, data, overrides).orThrow("");
    }

    /** Reads the text of a file, see {@link #inspect(Path, DataFolder, Overrides)}. */
    public static ConfigReport inspect(String yaml, DataFolder data, Overrides overrides) {
        Map<?, ?> values = load(yaml);
        var reading = new Reading(overrides, YamlLines.of(yaml));
        ServerConfig config = config(new Section("", values, reading), data);
        return new ConfigReport(config, reading.problems(), reading.values());
    }

    /** Every key that is not chosen by the operator, in the order of the sample. */
    public static List<ConfigKey> keys() {
        var reading = new Reading(Overrides.NONE, Map.of());
        config(new Section("", Map.of(), reading), new DataFolder(Path.of("")));
        return reading.keys();
    }

    private static ServerConfig config(Section file, DataFolder data) {
        ServerConfig usual = ServerConfig.defaults(data);
        ServerConfig config = new ServerConfig(data, false, service(file.section("service"), usual.service()),
                listen(file.section("listen"), usual.listen()),
                certificates(file.section("certificates"), usual.certificates()),
                handshake(file.section("handshake"), usual.handshake()),
                sessions(file.section("sessions"), usual.sessions()),
                gateway(file.section("gateway"), usual.gateway()),
                peers(file.section("peers"), usual.peers()), log(file.section("log"), usual.log()),
                management(file.section("management"), usual.management()),
                UpstreamsSection.read(file.section("upstreams"), usual.upstreams(), data.root()),
                file.texts("accept", usual.accept()));
        file.end();
        return config;
    }

    /** The commented file with every key at its default, but for who the service is and the names it is reached by. */
    public static String sample(Service service, List<String> names) {
        return resource()
                .replace("names: []", "names: [" + names.stream().map(ConfigFile::quoted).collect(joining(", ")) + "]")
                .replace("binding: \"passport://localhost\"", "binding: " + quoted(service.binding()))
                .replace("issuer_domain: \"localhost\"", "issuer_domain: " + quoted(service.issuerDomain()))
                .replace("name: \"Agent Passport\"", "name: " + quoted(service.name()));
    }

    private static Map<?, ?> load(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("the configuration")
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(0)
                .build();
        Object loaded;
        try {
            loaded = new Load(settings).loadFromString(yaml);
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException("is not YAML: " + YamlProblem.inWords(e)
                    + YamlProblem.placeOf(e.getProblemMark()), e);
        } catch (YamlEngineException e) {
            throw new ConfigException("is not YAML: " + firstLine(e.getMessage()), e);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // The library's own, at an escape that is cut off.
            throw new ConfigException("is not YAML: an escape in a text is cut off or malformed", e);
        }
        if (loaded == null) {
            return Map.of();
        }
        if (!(loaded instanceof Map<?, ?> map)) {
            throw new ConfigException("must be a mapping of sections, such as `service:`");
        }
        return map;
    }

    private static Service service(Section section, Service usual) {
        String binding = section.text("binding", usual.binding());
        var service = new Service(binding,
                section.text("issuer_domain", Service.hostOf(binding)),
                section.text("name", usual.name()),
                section.texts("protocol_versions", usual.protocolVersions()));
        section.end();
        return section.orElse(usual, () -> {
            if (service.protocolVersions().isEmpty()) {
                throw section.wrong("protocol_versions", "must name a version, such as \"1.0\"");
            }
            return service;
        });
    }

    private static Listen listen(Section section, Listen usual) {
        var listen = new Listen(section.text("host", usual.host()),
                section.integer("port", usual.port(), 0, 65_535),
                section.texts("names", usual.names()),
                section.flag("plaintext", usual.plaintext()),
                section.flag("reflection", usual.reflection()));
        section.end();
        return listen;
    }

    private static Certificates certificates(Section section, Certificates usual) {
        var certificates = new Certificates(section.duration("max_life", usual.maxLife(), SECOND, Duration.ofDays(30)));
        section.end();
        return certificates;
    }

    private static Handshake handshake(Section section, Handshake usual) {
        var handshake = new Handshake(
                section.duration("max_clock_skew", usual.maxClockSkew(), Duration.ZERO,
                        ServerConfig.LONGEST_CLOCK_SKEW),
                section.optionalInteger("min_agent_grade", 0, 3),
                section.texts("required_capabilities", usual.requiredCapabilities()));
        section.end();
        return handshake;
    }

    private static Sessions sessions(Section section, Sessions usual) {
        var sessions = new Sessions(
                section.duration("max_life", usual.maxLife(), SECOND, Duration.ofDays(30)),
                section.duration("idle_timeout", usual.idleTimeout(), SECOND, Duration.ofDays(1)),
                section.integer("per_identity", usual.perIdentity(), 1, 1_000));
        section.end();
        return sessions;
    }

    private static Gateway gateway(Section section, Gateway usual) {
        var gateway = new Gateway(
                section.integer("calls_per_second", usual.callsPerSecond(), 1, 1_000_000),
                section.integer("burst", usual.burst(), 1, 1_000_000),
                section.integer("in_flight", usual.inFlight(), 1, 4_096),
                section.duration("tool_timeout", usual.toolTimeout(), Duration.ofMillis(100), Duration.ofMinutes(5)));
        section.end();
        return gateway;
    }

    private static Management management(Section section, Management usual) {
        var management = new Management(section.text("host", usual.host()),
                section.portOrOff("port", Management.USUAL_PORT));
        section.end();
        return management;
    }

    private static Peers peers(Section section, Peers usual) {
        var peers = new Peers(section.integer("connections", usual.connections(), 1, 10_000),
                section.integer("attests_per_address", usual.attestsPerAddress(), 1, 1_000_000),
                section.integer("attests_per_identity", usual.attestsPerIdentity(), 1, 1_000_000));
        section.end();
        return peers;
    }

    private static Log log(Section section, Log usual) {
        var log = new Log(section.choice("format", usual.format(), Log.Format.values()),
                section.choice("level", usual.level(), Log.Level.values()));
        section.end();
        return log;
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }

    /** A double-quoted YAML text; control characters never get here. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String resource() {
        try (InputStream sample = ConfigFile.class.getResourceAsStream(SAMPLE)) {
            if (sample == null) {
                throw new IllegalStateException("the sample configuration is not on the class path");
            }
            return new String(sample.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
