package io.agentpassport.server;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.config.ServerConfig.Peers;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.server.tls.TlsAuthority;
import io.agentpassport.server.tls.TlsCredential;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A service that runs in a folder of the test, and clients of it: real TLS on loopback, on a free port. */
public final class TestServer implements AutoCloseable {

    public static final NonceSource NONCES = NonceSource.from(new SecureRandom());

    /** The longest that a client may wait: a machine may be busy with other things. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DataFolder data;
    private final PassportServer server;
    private final InstantSource base;
    private final InstantSource clock;
    private final AtomicReference<Duration> ahead;
    private final AtomicReference<Duration> set;
    private final GatewaySetup gateway;
    private final List<Runnable> clients = new ArrayList<>();

    private TestServer(DataFolder data, PassportServer server, InstantSource base, InstantSource clock,
            AtomicReference<Duration> ahead, AtomicReference<Duration> set) {
        this.data = data;
        this.server = server;
        this.base = base;
        this.clock = clock;
        this.ahead = ahead;
        this.set = set;
        this.gateway = new GatewaySetup(server, clock);
    }

    /** Starts a service for production, which is set up first when the folder is empty. */
    public static TestServer start(Path folder) {
        return start(folder, UnaryOperator.identity());
    }

    /** Starts a service that is configured otherwise. */
    public static TestServer start(Path folder, UnaryOperator<ServerConfig> changed) {
        return start(folder, changed, Instant::now);
    }

    /** Starts a service that goes by another clock than the system's, as its clients do. */
    public static TestServer start(Path folder, InstantSource clock) {
        return start(folder, UnaryOperator.identity(), clock);
    }

    /** Starts a service with something between it and its disk or its tools. */
    public static TestServer start(Path folder, InstantSource clock, UnaryOperator<PartitionStore> disk,
            UnaryOperator<Tools> tools) {
        return start(folder, UnaryOperator.identity(), clock, new PassportServer.Edges(disk, tools));
    }

    /** Starts a service that is configured otherwise, and goes by another clock. */
    public static TestServer start(Path folder, UnaryOperator<ServerConfig> changed, InstantSource base) {
        return start(folder, changed, base, PassportServer.Edges.NONE);
    }

    /** Starts a service for which no time passes, as far as rates go. */
    public static TestServer startTimeless(Path folder, UnaryOperator<ServerConfig> changed) {
        return start(folder, changed, Instant::now, () -> 0L, PassportServer.Edges.NONE);
    }

    private static TestServer start(Path folder, UnaryOperator<ServerConfig> changed, InstantSource base,
            PassportServer.Edges edges) {
        // A clock that is moved stands for time that passes: the ticker goes on as far.
        LongSupplier ticker = base instanceof MutableClock moved
                ? () -> System.nanoTime() + moved.passed().toNanos()
                : System::nanoTime;
        return start(folder, changed, base, ticker, edges);
    }

    private static TestServer start(Path folder, UnaryOperator<ServerConfig> changed, InstantSource base,
            LongSupplier ticker, PassportServer.Edges edges) {
        var data = new DataFolder(folder.resolve("data"));
        if (!data.isInitialised()) {
            var unused = new Setup(data, Service.at("passport://localhost"), List.of(), "admin").create(Instant.now(),
                    NONCES);
        }
        ServerConfig config = ConfigFile.read(data.config(), data);
        Listen listen = config.listen();
        // Many agents of a test come by one address.
        List<String> accept = new ArrayList<>(config.accept());
        accept.addAll(List.of("peers.connections", "peers.attests_per_address", "peers.attests_per_identity"));
        config = config.meeting(Peers.MEASURED).accepting(accept);
        config = config.listening(new Listen(listen.host(), 0, listen.names(), false, false))
                .managedAt(new ServerConfig.Management("127.0.0.1", 0));
        var ahead = new AtomicReference<>(Duration.ZERO);
        var set = new AtomicReference<>(Duration.ZERO);
        InstantSource clock = () -> base.instant().plus(ahead.get()).plus(set.get());
        LongSupplier advanced = () -> ticker.getAsLong() + ahead.get().toNanos();
        PassportServer server = PassportServer.start(changed.apply(config), clock, advanced, NONCES, edges);
        return new TestServer(data, server, base, clock, ahead, set);
    }

    /** Lets time pass for the service; clients keep theirs. */
    public void advance(Duration by) {
        ahead.updateAndGet(before -> before.plus(by));
    }

    /** Sets the service's wall clock forward or back, in no time; clients keep theirs. */
    public void setClock(Duration by) {
        set.updateAndGet(before -> before.plus(by));
    }

    /** The service's time. */
    public Instant now() {
        return clock.instant();
    }

    public DataFolder data() {
        return data;
    }

    public PassportServer server() {
        return server;
    }

    /** What people set up for the gateway. */
    public GatewaySetup gateway() {
        return gateway;
    }

    public String address() {
        return "localhost:" + server.port();
    }

    /** A client of the admin that the setup made. */
    public PassportClient admin() {
        return kept(PassportClient.to(address())
                .trusting(data.ca())
                .showing(data.adminCertificate(), data.adminKey())
                .clock(base)
                .deadline(PATIENCE)
                .open());
    }

    /** A client of nobody in particular. */
    public PassportClient anyone() {
        return kept(PassportClient.to(address()).trusting(data.ca()).clock(base).deadline(PATIENCE).open());
    }

    /** An agent with a certificate, got with a join token. */
    public AgentIdentity agent(String binding) {
        var token = admin().certificates()
                .createJoinToken(Role.AGENT, binding, null, EnrolmentTerms.of("somebody"), Duration.ofMinutes(1));
        return anyone().certificates().enrol(token, AgentKey.generate(NONCES), Subject.agent(binding, binding));
    }

    /** A session of that agent. */
    public AuthenticatedSession session(AgentIdentity agent) {
        return Handshake.with(anyone(), agent).run();
    }

    /**
     * A bare channel.
     *
     * @param shown what it shows as its client certificate; null nothing
     */
    public ManagedChannel channel(@Nullable TlsCredential shown) {
        try {
            SslContextBuilder tls = GrpcSslContexts.forClient()
                    .trustManager(TlsCredential.readCertificate(data.ca()));
            if (shown != null) {
                tls.keyManager(shown.key(), shown.certificate());
            }
            ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.port())
                    .sslContext(tls.build())
                    .build();
            clients.add(channel::shutdownNow);
            return channel;
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The credential of an admin who holds that role alone. */
    public TlsCredential adminCredential(AdminRole role) {
        return new TlsAuthority(TlsCredential.read(data.ca(), data.caKey()), NONCES).admin("an " + role.text(),
                Set.of(role), clock.instant());
    }

    /** The credential of the admin that the setup made. */
    public TlsCredential adminCredential() {
        return TlsCredential.read(data.adminCertificate(), data.adminKey());
    }

    private PassportClient kept(PassportClient client) {
        clients.add(client::close);
        return client;
    }

    /** Stops the service first: whoever is connected sees that. */
    @Override
    public void close() {
        server.close();
        clients.forEach(Runnable::run);
    }
}
