package io.agentpassport.server;

import io.agentpassport.core.certificate.CertificateMemo;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.server.audit.AnchorRepair;
import io.agentpassport.server.audit.AnchoredStore;
import io.agentpassport.server.audit.Anchors;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.audit.AuditLimits;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.audit.Backups;
import io.agentpassport.server.audit.RefusalLog;
import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.gateway.call.UpstreamTools;
import io.agentpassport.server.http.ManagementServer;
import io.agentpassport.server.issuance.Issuance;
import io.agentpassport.server.issuance.IssuanceLimits;
import io.agentpassport.server.issuance.IssuanceRows;
import io.agentpassport.server.issuance.OwnCertificate;
import io.agentpassport.server.issuance.Principals;
import io.agentpassport.server.issuance.ServiceKeys;
import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.mutualauth.MutualAuth;
import io.agentpassport.server.mutualauth.MutualAuthContext;
import io.agentpassport.server.mutualauth.MutualAuthRows;
import io.agentpassport.server.mutualauth.OwnIdentity;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.Policies;
import io.agentpassport.server.policy.PolicyFolder;
import io.agentpassport.server.policy.PolicyRows;
import io.agentpassport.server.rpc.GatewayParts;
import io.agentpassport.server.rpc.OperationsParts;
import io.agentpassport.server.rpc.RpcParts;
import io.agentpassport.server.rpc.RpcServer;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.tls.ServedTls;
import io.agentpassport.server.tls.TlsFiles;
import io.agentpassport.server.trust.Establish;
import io.agentpassport.server.trust.OwnIssuer;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.trust.TrustLimits;
import io.agentpassport.server.trust.TrustRows;
import io.agentpassport.server.upstream.UpstreamRows;
import io.agentpassport.server.upstream.Upstreams;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The composition root: everything of the service is made here, handed what it stands on, and closed in reverse. */
public final class PassportServer implements AutoCloseable {

    /** How many certificates are remembered whose signature is good, some 5 KB each. */
    private static final int REMEMBERED_CERTIFICATES = 16_384;
    /** Reads of the store that wait for a thread. */
    private static final int WAITING_READS = 1_024;
    private static final int READERS = 2;
    /** Each waits at most once, but for reads of admins. */
    private static final int WAITING_OF_OWN = 256;
    /** What a loss of power may take unnoticed; an end of the process takes nothing. */
    private static final Duration SYNC_ANCHORS = Duration.ofMillis(100);
    private static final Duration REFRESH_TRUST = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_POLICIES = Duration.ofSeconds(2);
    private static final Duration REFRESH_STREAMS = Duration.ofMillis(500);
    private static final Duration WRITE_REFUSALS = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_TLS = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(1);
    private static final Duration SWEEP_CALLS = Duration.ofSeconds(5);
    private static final Duration COUNT_ROWS = Duration.ofSeconds(30);
    private static final Duration REFRESH_CERTIFICATE = Duration.ofMinutes(5);

    private final ServerConfig config;
    private final TrustedClock clock;
    private final LongSupplier ticker;
    private final NonceSource nonces;
    private final OwnedParts parts = new OwnedParts();
    private final ServiceKeys keys;
    private final Edges edges;
    private final RpcServer rpc;
    private @Nullable ManagementServer management;
    @SuppressWarnings("NullAway.Init") // set by compose, or there is no server
    private GatewayServices gateway;
    @SuppressWarnings("NullAway.Init")
    private Policies policies;

    /**
     * What may be put between the service and the disk or the tools; a test stops it there.
     *
     * @param store above the anchors
     * @param database below them
     */
    record Edges(UnaryOperator<PartitionStore> store, UnaryOperator<PartitionStore> database,
            UnaryOperator<Tools> tools) {
        static final Edges NONE = new Edges(UnaryOperator.identity(), UnaryOperator.identity());

        Edges(UnaryOperator<PartitionStore> store, UnaryOperator<Tools> tools) {
            this(store, UnaryOperator.identity(), tools);
        }
    }

    /**
     * Starts a service on a data folder that was set up.
     *
     * @throws ConfigException when it cannot run as it is configured
     * @throws io.agentpassport.server.store.StoreException when its database cannot be used
     */
    public static PassportServer start(ServerConfig config, InstantSource clock, LongSupplier ticker,
            NonceSource nonces) {
        return start(config, clock, ticker, nonces, Edges.NONE);
    }

    static PassportServer start(ServerConfig config, InstantSource clock, LongSupplier ticker, NonceSource nonces,
            Edges edges) {
        return new PassportServer(config, clock, ticker, nonces, edges);
    }

    private PassportServer(ServerConfig config, InstantSource clock, LongSupplier ticker, NonceSource nonces,
            Edges edges) {
        this.edges = edges;
        this.config = config;
        this.clock = new TrustedClock(clock, ticker);
        this.ticker = ticker;
        this.nonces = nonces;
        config.requireAccepted();
        config.data().requireUnwritableByOthers();
        keys = keysOf(config);
        try {
            rpc = compose();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private RpcServer compose() {
        Instant startedAt = clock.instant();
        Metrics metrics = parts.own(new Metrics());
        ThreadPoolExecutor readers = parts.pool("reader-", READERS, WAITING_READS);
        // Apart from what agents ask: they cannot keep a revocation from being made, nor from ending streams.
        ThreadPoolExecutor admins = parts.pool("admin-reader-", 1, WAITING_OF_OWN);
        ThreadPoolExecutor chores = parts.pool("chores-", 1, WAITING_OF_OWN);
        // The native TLS library takes as long to load as the database to open.
        CompletableFuture<@Nullable ServedTls> loading = CompletableFuture.supplyAsync(this::tlsContext, readers);
        ExecutorService answers = parts.own(Executors.newFixedThreadPool(2, OwnedParts.threads("answers-")));
        ScheduledThreadPoolExecutor timer = parts.own(new ScheduledThreadPoolExecutor(1, OwnedParts.threads("timer-")));
        timer.setRemoveOnCancelPolicy(true);
        var anchors = new Anchors(config.data().anchors(), config.data().anchorKey());
        RocksPartitionStore database = parts
                .own(RocksPartitionStore.open(config.data().database(), StoreLimits.DEFAULT));
        AnchoredStore anchored = parts.own(new AnchoredStore(edges.database().apply(database), anchors, nonces));
        PartitionStore store = new MeasuredStore(edges.store().apply(anchored), metrics, ticker);
        OwnedParts.every(parts.own(new ScheduledThreadPoolExecutor(1, OwnedParts.threads("anchor-"))), SYNC_ANCHORS,
                anchored::sync);
        String owner = "server-" + HexText.encode(nonces.bytes(8));
        Partitions partitions = parts.own(new Partitions(
                new PartitionContext(store, keyspaces(), owner, clock, ticker, answers), PartitionLimits.DEFAULT, 1));

        // Before anything is decided in this process.
        partitions.all().forEach(partition -> clock.raise(store.head(partition.id()).clock()));

        var issuer = new OwnIssuer(config.service().issuerDomain(), keys.issuing().publicKey(), keys.bundle(),
                keys.log().publicKey());
        Executor later = task -> {
            var unused = timer.schedule(task, TrustLimits.COALESCE.toMillis(), TimeUnit.MILLISECONDS);
        };
        Audit audit = Audit.load(partitions, config.service().binding(), keys.log(), AuditLimits.DEFAULT, clock,
                parts.watching("log-watches-"));
        policies = Policies.load(partitions.service());
        // Closed after the last call, and before the partitions.
        RefusalLog refusals = parts.own(new RefusalLog(partitions.service()));
        var principals = new Principals(partitions);
        Trust trust = Trust.load(partitions.service(), issuer, TrustLimits.DEFAULT, later,
                parts.watching("bundle-watches-"));
        var ownCertificate = new OwnCertificate(partitions.service(), trust, keys, config.service().binding(),
                config.service().protocolVersions());
        var certificates = new CertificateMemo(REMEMBERED_CERTIFICATES);
        MutualAuthPolicy policy = ConfiguredLimits.handshakes(config);
        var mutualAuth = new MutualAuth(
                new MutualAuthContext(partitions, trust::current, () -> identity(ownCertificate), policy, certificates,
                        nonces, readers, clock.instant(), ConfiguredLimits.attests(config, ticker)),
                ConfiguredLimits.mutualAuth(config));
        Upstreams upstreams = parts
                .own(Upstreams.load(partitions.service(), config.upstreams(), config.dev(), clock, ticker,
                        System.getenv()));
        gateway = new GatewayServices(partitions, policies::current, principals::of,
                edges.tools().apply(new UpstreamTools(upstreams)),
                ConfiguredLimits.calls(config), nonces, readers, parts.watching("approval-watches-"),
                timer);
        partitions.start();
        AnchorRepair.log(anchors, partitions.service());
        establish(trust, ownCertificate);
        gateway.begin();
        var policyFolder = new PolicyFolder(policies, config.data().policies());
        policyFolder.begin();
        var issuance = new Issuance(partitions, trust, keys.issuing(), config.service().binding(), nonces,
                new IssuanceLimits(config.certificates().maxLife()), gateway.gateway()::ask);

        var readiness = new Readiness(partitions, clock);
        // A server that cannot be reached does not keep this one from starting.
        CompletableFuture<Void> unusedLook = upstreams.begin();
        ServedTls tls = joined(loading);
        var operations = new OperationsParts(config, Build.version(), Build.java(), startedAt, readiness::problems,
                ownCertificate, () -> tls == null ? null : tls.expiry(),
                anchored::syncedSeq,
                new Backups(database, anchors, config.data().backups(), Build.version()));
        var gauges = new ServiceGauges(metrics, clock, gateway);
        gauges.partitions(partitions, audit, operations);
        gauges.trust(trust, audit, mutualAuth);
        gauges.upstreams(upstreams);
        gauges.service(config, operations);
        RpcServer server = RpcServer.start(config, tls, new RpcParts(trust, issuance, principals, mutualAuth,
                new GatewayParts(partitions, gateway.gateway(), gateway.grants(), policies, gateway.budgets(),
                        gateway.approvals(), upstreams, audit, nonces),
                refusals, policy,
                certificates, clock, ticker, nonces, timer, admins, readers,
                operations, metrics));
        Integer port = config.management().port();
        if (port != null) {
            management = parts
                    .own(ManagementServer.start(config.management().host(), port, readiness::problems,
                            metrics::scrape));
        }
        // What is owned last is closed first: no new calls, then the watches end, then the other calls.
        parts.own(server::drain);
        parts.own(audit);
        parts.own(trust);
        parts.own(gateway);
        parts.own(server::refuse);
        parts.own(readiness::stop);
        partitions.keep(timer, clock::isSteady);
        OwnedParts.every(timer, REFRESH_TRUST, trust::refresh);
        OwnedParts.every(timer, REFRESH_TRUST, audit::refresh);
        OwnedParts.every(timer, REFRESH_TRUST, gateway.approvals()::refresh);
        OwnedParts.every(timer, WRITE_REFUSALS, () -> {
            var unused = refusals.write();
        });
        OwnedParts.every(timer, COUNT_ROWS, () -> chores.execute(gauges::refresh));
        OwnedParts.every(timer, LOOK_AT_POLICIES, () -> chores.execute(policyFolder::look));
        OwnedParts.every(timer, REFRESH_STREAMS, () -> chores.execute(server::refresh));
        OwnedParts.every(timer, REFRESH_CERTIFICATE, ownCertificate::refresh);
        OwnedParts.every(timer, SWEEP_CALLS, () -> chores.execute(() -> {
            if (clock.isSteady()) {
                var unused = gateway.sweep();
            }
        }));
        if (tls != null) {
            OwnedParts.every(timer, LOOK_AT_TLS, () -> chores.execute(() -> tls.reload(clock.instant())));
        }
        followHealth(partitions, readiness, server, timer);
        return server;
    }

    private @Nullable ServedTls tlsContext() {
        return config.listen().plaintext() ? null : new ServedTls(new TlsFiles(config.data()), clock.instant());
    }

    private static ServiceKeys keysOf(ServerConfig config) {
        return switch (ServiceKeys.load(config.data().keys())) {
            case ServiceKeys.Loaded loaded -> loaded.keys();
            case ServiceKeys.Unusable unusable -> throw new ConfigException(unusable.advice());
        };
    }

    /** All that the service stores, for those who work on the database of one that is not running. */
    public static Keyspaces keyspaces() {
        List<Keyspace<?, ?>> all = new ArrayList<>();
        all.add(Partitions.LAYOUT);
        all.addAll(AuditRows.ALL);
        all.addAll(PolicyRows.ALL);
        all.addAll(TrustRows.ALL);
        all.addAll(IssuanceRows.ALL);
        all.addAll(MutualAuthRows.ALL);
        all.addAll(UpstreamRows.ALL);
        all.addAll(GatewayServices.keyspaces());
        return Keyspaces.of(all);
    }

    private static OwnIdentity identity(OwnCertificate own) {
        OwnCertificate.Current current = own.current();
        return new OwnIdentity(current.certificate(), current.attestKey());
    }

    private static void establish(Trust trust, OwnCertificate ownCertificate) {
        if (joined(trust.begin()) instanceof Establish.Impossible impossible) {
            throw new ConfigException(impossible.advice());
        }
        joined(ownCertificate.begin());
    }

    private static void followHealth(Partitions partitions, Readiness readiness, RpcServer server,
            ScheduledExecutorService timer) {
        Runnable tell = () -> server.health().serving(readiness.problems().isEmpty());
        partitions.all().forEach(partition -> partition.watch(state -> tell.run()));
        OwnedParts.every(timer, LOOK_AT_CLOCK, tell);
        tell.run();
    }

    /** The port that it listens on. */
    public int port() {
        return rpc.port();
    }

    /** The port of health and metrics; null without. */
    public @Nullable Integer managementPort() {
        return management == null ? null : management.port();
    }

    /** What verifies its receipts. */
    public PublicKey logKey() {
        return keys.log().publicKey();
    }

    /** What verifies its trust bundles. */
    public PublicKey publisherKey() {
        return keys.bundle().publicKey();
    }

    GatewayServices gateway() {
        return gateway;
    }

    Policies policies() {
        return policies;
    }

    /** NOT_SERVING first, then no new calls; what is under way is finished and committed; then the store is closed. */
    @Override
    public void close() {
        parts.close();
    }

    private static <T extends @Nullable Object> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
