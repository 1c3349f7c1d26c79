package io.agentpassport.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a service runs: what {@code passport.yaml} says, key by key under the same names, and where its files are. The
 * sample file documents every key.
 *
 * @param data
 *            where everything of the service is
 * @param dev
 *            whether it is for development: loopback only, relaxed settings are listed but need not be accepted
 * @param accept
 *            the relaxed settings that the operator accepts, by their keys
 */
public record ServerConfig(DataFolder data, boolean dev, Service service, Listen listen, Certificates certificates,
        Handshake handshake, Sessions sessions, Gateway gateway, Peers peers, Log log, Management management,
        UpstreamsConfig upstreams, List<String> accept) {

    /** The life of a certificate that needs no accepting. */
    public static final Duration ORDINARY_CERTIFICATE_LIFE = Duration.ofHours(24);
    /** The clock skew that needs no accepting. */
    public static final Duration ORDINARY_CLOCK_SKEW = Duration.ofSeconds(60);
    /** The longest clock skew; revocations are in force for as long after a certificate's end. */
    public static final Duration LONGEST_CLOCK_SKEW = Duration.ofMinutes(10);

    public ServerConfig {
        accept = List.copyOf(accept);
    }

    /**
     * Who the service is.
     *
     * @param binding
     *            the resource domain that it serves, the audience of what is signed for it
     * @param issuerDomain
     *            the domain that its own anchors issue for
     * @param name
     *            its name for people, and the issuer's name in certificates
     * @param protocolVersions
     *            the versions that it speaks, highest first
     */
    public record Service(String binding, String issuerDomain, String name, List<String> protocolVersions) {

        /** Of a service at that binding, whose domain is the host part of it. */
        public static Service at(String binding) {
            return new Service(binding, hostOf(binding), "Agent Passport", List.of("1.0"));
        }

        public Service {
            protocolVersions = List.copyOf(protocolVersions);
        }

        static String hostOf(String binding) {
            int scheme = binding.indexOf("://");
            String rest = scheme < 0 ? binding : binding.substring(scheme + 3);
            String host = rest.split("[/:?#]", 2)[0];
            return host.isEmpty() ? binding : host;
        }
    }

    /**
     * Where it listens.
     *
     * @param host
     *            the address to bind, a name or a literal
     * @param port
     *            0 takes a free one
     * @param names
     *            further names and addresses for the TLS certificate
     * @param plaintext
     *            without TLS; on loopback only
     * @param reflection
     *            whether the contract can be asked for over gRPC
     */
    public record Listen(String host, int port, List<String> names, boolean plaintext, boolean reflection) {

        public Listen {
            names = List.copyOf(names);
        }
    }

    /**
     * What it issues.
     *
     * @param maxLife
     *            the longest life that an admin can give, 1 s to 30 d
     */
    public record Certificates(Duration maxLife) {}

    /**
     * What it asks of a peer.
     *
     * @param maxClockSkew
     *            how far clocks may be apart
     * @param minAgentGrade
     *            the least attestation grade of an agent, 0 to 3; null asks for none
     * @param requiredCapabilities
     *            what an agent's certificate must list
     */
    public record Handshake(Duration maxClockSkew, @Nullable Integer minAgentGrade,
            List<String> requiredCapabilities) {

        public Handshake {
            requiredCapabilities = List.copyOf(requiredCapabilities);
        }
    }

    /**
     * What it grants.
     *
     * @param maxLife
     *            the longest life of a session
     * @param idleTimeout
     *            for how long a session may rest
     * @param perIdentity
     *            how many one identity may hold; one more displaces the one that rested longest
     */
    public record Sessions(Duration maxLife, Duration idleTimeout, int perIdentity) {}

    /**
     * What one identity may ask of the gateway, beside what policies say.
     *
     * @param callsPerSecond
     *            in the long run
     * @param burst
     *            at once after a rest
     * @param inFlight
     *            calls under way at once
     * @param toolTimeout
     *            for how long a tool may run when its policy says nothing
     */
    public record Gateway(int callsPerSecond, int burst, int inFlight, Duration toolTimeout) {

        /** For measuring: what holds one identity back is out of the way. */
        static final Gateway MEASURED = new Gateway(1_000_000, 1_000_000, 4_096, Duration.ofSeconds(30));
        static final Gateway DEVELOPMENT = new Gateway(100, 200, 16, Duration.ofSeconds(30));
    }

    /**
     * What one address may take before it is known who is behind it, and how often one identity may prove itself.
     *
     * @param connections
     *            that one address may have; of IPv6, one network of 64 bits
     * @param attestsPerAddress
     *            that are verified a second, of one address; twice as many at once after a rest
     * @param attestsPerIdentity
     *            that hold and begin a session a second, of one identity; as many at once as it may hold sessions
     */
    public record Peers(int connections, int attestsPerAddress, int attestsPerIdentity) {

        static final Peers USUAL = new Peers(64, 20, 1);
        static final Peers DEVELOPMENT = new Peers(1_000, 100, 100);
        /** For measuring: one machine plays many. */
        public static final Peers MEASURED = new Peers(10_000, 1_000_000, 1_000_000);
    }

    /** How it logs. */
    public record Log(Format format, Level level) {

        /** The form of a log line. */
        public enum Format {
            /** One JSON object a line. */
            JSON,
            /** For people. */
            TEXT
        }

        /** The least that is logged. */
        public enum Level {
            ERROR, WARN, INFO, DEBUG
        }
    }

    /**
     * Where it answers health and figures, over plain HTTP.
     *
     * @param host
     *            the address to bind, a name or a literal
     * @param port
     *            0 takes a free one; null for none
     */
    public record Management(String host, @Nullable Integer port) {

        static final int USUAL_PORT = 9_464;
        static final Management USUAL = new Management("127.0.0.1", USUAL_PORT);

        /** Whether whoever is on another machine may reach it. */
        boolean isOpen() {
            return port != null && !isLoopback(host);
        }

        private static boolean isLoopback(String host) {
            byte[] literal = AddressRange.address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
            return host.equals("localhost") || (literal != null && (literal.length == 4 ? literal[0] == 127
                    : Arrays.equals(literal, new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})));
        }
    }

    /** What an empty file means. */
    public static ServerConfig defaults(DataFolder data) {
        return new ServerConfig(data, false, Service.at("passport://localhost"),
                new Listen("127.0.0.1", 7443, List.of(), false, false),
                new Certificates(ORDINARY_CERTIFICATE_LIFE),
                new Handshake(ORDINARY_CLOCK_SKEW, null, List.of()),
                new Sessions(Duration.ofHours(8), Duration.ofMinutes(15), 5),
                new Gateway(10, 20, 16, Duration.ofSeconds(30)), Peers.USUAL,
                new Log(Log.Format.JSON, Log.Level.INFO), Management.USUAL, UpstreamsConfig.DEFAULT, List.of());
    }

    /** The same for development: reflection, logs for people, and room for an agent that is tried by hand. */
    public ServerConfig forDevelopment() {
        return new ServerConfig(data, true, service,
                new Listen(listen.host, listen.port, listen.names, listen.plaintext, true), certificates, handshake,
                sessions, gateway.equals(defaults(data).gateway) ? Gateway.DEVELOPMENT : gateway,
                peers.equals(Peers.USUAL) ? Peers.DEVELOPMENT : peers,
                new Log(Log.Format.TEXT, log.level),
                // Several may run on one machine.
                management.equals(Management.USUAL) ? new Management(management.host, 0) : management, upstreams,
                accept);
    }

    /** The same, listening elsewhere. */
    public ServerConfig listening(Listen changed) {
        return new ServerConfig(data, dev, service, changed, certificates, handshake, sessions, gateway, peers, log,
                management,
                upstreams, accept);
    }

    /** The same, logging otherwise. */
    public ServerConfig logging(Log changed) {
        return new ServerConfig(data, dev, service, listen, certificates, handshake, sessions, gateway, peers, changed,
                management,
                upstreams, accept);
    }

    /** The same, with its health and figures elsewhere. */
    public ServerConfig managedAt(Management changed) {
        return new ServerConfig(data, dev, service, listen, certificates, handshake, sessions, gateway, peers, log,
                changed,
                upstreams, accept);
    }

    /** The same, with other room for each address. */
    public ServerConfig meeting(Peers changed) {
        return new ServerConfig(data, dev, service, listen, certificates, handshake, sessions, gateway, changed, log,
                management, upstreams, accept);
    }

    /** The same, with those relaxed settings accepted. */
    public ServerConfig accepting(List<String> settings) {
        return new ServerConfig(data, dev, service, listen, certificates, handshake, sessions, gateway, peers, log,
                management, upstreams, settings);
    }

    /** The same for measuring it: no identity is held back. What makes a call durable, logged and proven stays. */
    public ServerConfig forMeasuring() {
        return new ServerConfig(data, dev, service, listen, certificates, handshake,
                new Sessions(sessions.maxLife, sessions.idleTimeout, 1_000), Gateway.MEASURED, Peers.MEASURED, log,
                management,
                upstreams,
                accept);
    }

    /** The keys of the settings that are weaker than a service should have. */
    public List<String> relaxed() {
        ServerConfig usual = defaults(data);
        var relaxed = new ArrayList<String>();
        if (listen.plaintext) {
            relaxed.add("listen.plaintext");
        }
        if (listen.reflection) {
            relaxed.add("listen.reflection");
        }
        if (certificates.maxLife.compareTo(usual.certificates.maxLife) > 0) {
            relaxed.add("certificates.max_life");
        }
        if (handshake.maxClockSkew.compareTo(usual.handshake.maxClockSkew) > 0) {
            relaxed.add("handshake.max_clock_skew");
        }
        if (sessions.maxLife.compareTo(usual.sessions.maxLife) > 0) {
            relaxed.add("sessions.max_life");
        }
        if (sessions.idleTimeout.compareTo(usual.sessions.idleTimeout) > 0) {
            relaxed.add("sessions.idle_timeout");
        }
        if (sessions.perIdentity > usual.sessions.perIdentity) {
            relaxed.add("sessions.per_identity");
        }
        if (gateway.callsPerSecond > usual.gateway.callsPerSecond) {
            relaxed.add("gateway.calls_per_second");
        }
        if (gateway.burst > usual.gateway.burst) {
            relaxed.add("gateway.burst");
        }
        if (gateway.inFlight > usual.gateway.inFlight) {
            relaxed.add("gateway.in_flight");
        }
        if (peers.connections > usual.peers.connections) {
            relaxed.add("peers.connections");
        }
        if (peers.attestsPerAddress > usual.peers.attestsPerAddress) {
            relaxed.add("peers.attests_per_address");
        }
        if (peers.attestsPerIdentity > usual.peers.attestsPerIdentity) {
            relaxed.add("peers.attests_per_identity");
        }
        if (management.isOpen()) {
            relaxed.add("management.host");
        }
        return List.copyOf(relaxed);
    }

    /** What a relaxed setting lets happen, in words for people. */
    public static String meaningOf(String setting) {
        return switch (setting) {
            case "listen.plaintext" -> "no TLS, so that whoever is on this machine can read and change what is said";
            case "listen.reflection" -> "whoever reaches the port can ask for the contract";
            case "certificates.max_life" ->
                "an admin can issue for longer than 24h; a stolen key is of use for as long";
            case "handshake.max_clock_skew" ->
                "clocks may be more than 60s apart; certificates that are over count for as"
                        + " long";
            case "sessions.max_life" -> "a session can last longer than 8h without its agent proving itself again";
            case "sessions.idle_timeout" -> "a session that rests stays usable for longer than 15m";
            case "sessions.per_identity" -> "one identity can hold more than 5 sessions";
            case "gateway.calls_per_second" -> "one identity can call more than 10 tools a second";
            case "gateway.burst" -> "one identity can call more than 20 tools at once after a rest";
            case "gateway.in_flight" -> "one identity can have more than 16 calls under way";
            case "peers.connections" -> "one address can have more than 64 connections";
            case "peers.attests_per_address" ->
                "one address can have more than 20 attests, and as many certificates, verified a second";
            case "peers.attests_per_identity" -> "one identity can begin more than 1 session a second";
            case "management.host" ->
                "whoever reaches the management port reads the service's figures, which are neither encrypted nor"
                        + " asked for by anybody in particular";
            default -> "weaker than its default";
        };
    }

    /**
     * Checks what no single key can show: that every relaxed setting was accepted by name, or this is development.
     *
     * @throws ConfigException
     *             when one was not
     */
    public void requireAccepted() {
        for (String setting : relaxed()) {
            if (!dev && !accept.contains(setting)) {
                throw new ConfigException("the setting " + setting + " is weaker than its default; if that is meant,"
                        + " add it to the list `accept` in " + data.config());
            }
        }
    }
}
