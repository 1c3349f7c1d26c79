package io.agentpassport.server;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.gateway.call.DecisionCode;
import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.mutualauth.MutualAuth;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.rpc.OperationsParts;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.upstream.UpstreamStatus;
import io.agentpassport.server.upstream.Upstreams;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What the parts of a service know of themselves, as figures. Each is asked for when somebody looks, unless it reads the store. */
final class ServiceGauges {

    /** Further ones that wait are not counted. */
    private static final int COUNTED = 10_000;

    private final Metrics metrics;
    private final InstantSource clock;
    private final GatewayServices gateway;
    private final AtomicInteger pendingApprovals = new AtomicInteger();
    private final AtomicInteger openReservations = new AtomicInteger();

    ServiceGauges(Metrics metrics, InstantSource clock, GatewayServices gateway) {
        this.metrics = metrics;
        this.clock = clock;
        this.gateway = gateway;
        metrics.gauge("approvals.pending", "Approvals that nobody has decided, up to " + COUNTED + " of a partition",
                pendingApprovals::get);
        metrics.gauge("reservations.open", "Tool calls that were allowed and are not settled, up to " + COUNTED
                + " of a partition", openReservations::get);
        metrics.gauge("tool.calls.running", "Tool calls that this process decides or runs",
                gateway.gateway()::running);
        for (DecisionCode code : DecisionCode.values()) {
            metrics.counter("tool.calls.decided", "Tool calls that were decided, by decision code",
                    () -> gateway.gateway().stats().decided(null).getOrDefault(code, 0L), "code", code.name());
        }
    }

    /** Counts what only the store knows; the owner calls this on a schedule. Reads. */
    void refresh() {
        pendingApprovals.set(gateway.approvals().pending(COUNTED));
        openReservations.set(gateway.gateway().open(COUNTED));
    }

    void partitions(Partitions partitions, Audit audit, OperationsParts operations) {
        for (Partition partition : partitions.all()) {
            String[] tag = {"partition", partition.id().toString()};
            metrics.gauge("partition.serving", "1 while the partition serves",
                    () -> partition.state().isHealthy() ? 1 : 0,
                    tag);
            metrics.gauge("partition.queue", "Commands that wait for the writer or for their commit",
                    () -> partition.figures().underWay(), tag);
            metrics.counter("partition.groups", "Groups that were committed or answered together",
                    () -> partition.figures().groups(), tag);
            metrics.counter("partition.commands", "Commands in those groups: a group's size is the quotient",
                    () -> partition.figures().commands(), tag);
            metrics.counter("partition.commits", "Durable commits since the data folder was made",
                    () -> partition.figures().seq(), tag);
            metrics.gauge("partition.rows", "Rows in memory", () -> partition.figures().residentRows(), tag);
            metrics.gauge("anchor.lag", "Commits that the anchor would not tell of after a loss of power",
                    () -> Math.max(0, partition.figures().seq() - operations.anchoredSeq().applyAsLong(partition.id())),
                    tag);
            AuditLog log = audit.of(partition.id());
            if (log != null) {
                metrics.counter("log.entries", "Entries of the log", () -> log.newest().size(), tag);
            }
        }
    }

    void trust(Trust trust, Audit audit, MutualAuth mutualAuth) {
        metrics.gauge("sessions", "Sessions that were used of late", mutualAuth::sessionsInUse);
        String watches = "Watches that are open";
        metrics.gauge("watches", watches, trust::watching, "of", "bundles");
        metrics.gauge("watches", watches, audit::watching, "of", "entries");
        metrics.gauge("watches", watches, () -> gateway.approvals().watching(), "of", "approvals");
    }

    void upstreams(Upstreams upstreams) {
        for (UpstreamStatus.State state : UpstreamStatus.State.values()) {
            metrics.gauge("upstreams", "Upstreams, by whether they answer",
                    () -> upstreams.list().stream().filter(one -> one.state() == state).count(), "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
    }

    void service(ServerConfig config, OperationsParts operations) {
        metrics.gauge("build.info", "1; what runs here is in the labels", () -> 1, "version", operations.version(),
                "commit", Build.commit(), "java",
                operations.javaVersion(), "crypto", Ed25519.providerName());
        metrics.gauge("ready", "1 while the service serves", () -> operations.problems().get().isEmpty() ? 1 : 0);
        metrics.gauge("relaxed.settings", "Settings that are weaker than a service should have",
                () -> config.relaxed().size());
        String expiry = "Seconds until a certificate ends; the service replaces its own by itself";
        metrics.gauge("certificate.expiry.seconds", expiry,
                () -> secondsTo(Instant.ofEpochMilli(
                        (long) operations.ownCertificate().current().certificate().notAfterMillis())),
                "certificate", "own");
        if (!config.listen().plaintext()) {
            metrics.gauge("certificate.expiry.seconds", expiry, () -> {
                Instant tls = operations.tlsExpiresAt().get();
                return tls == null ? Double.NaN : secondsTo(tls);
            }, "certificate", "tls");
        }
        var disk = new DiskUse(config.data().database(), clock);
        metrics.gauge("store.bytes", "Bytes of the database's files, its write-ahead log aside",
                () -> disk.now().tables());
        metrics.gauge("store.wal.bytes", "Bytes of its write-ahead log", () -> disk.now().log());
        metrics.gauge("store.disk.free.bytes", "Bytes that are free where it is", () -> disk.now().free());
    }

    private double secondsTo(Instant end) {
        return Duration.between(clock.instant(), end).toSeconds();
    }
}
