package io.agentpassport.server;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.issuance.CreateJoinToken;
import io.agentpassport.server.issuance.Enrolment;
import io.agentpassport.server.issuance.Issuance;
import io.agentpassport.server.issuance.IssuanceLimits;
import io.agentpassport.server.issuance.IssuanceRows;
import io.agentpassport.server.issuance.IssueOutcome;
import io.agentpassport.server.issuance.IssueRequest;
import io.agentpassport.server.issuance.IssuedCertificate;
import io.agentpassport.server.issuance.OwnCertificate;
import io.agentpassport.server.issuance.ServiceKeys;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.InterleavedStore;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.trust.Establish;
import io.agentpassport.server.trust.OwnIssuer;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.trust.TrustLimits;
import io.agentpassport.server.trust.TrustRows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A service without its network: a real store in a folder, its partitions, trust and issuance; time and chance are seeded. */
public final class TestService implements AutoCloseable {

    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    public static final String AUDIENCE = "passport://localhost";
    public static final String DOMAIN = "localhost";

    public final MutableClock clock;
    public final NonceSource nonces;
    public final ServiceKeys keys;
    public final Partitions partitions;
    public final Trust trust;
    public final Issuance issuance;
    public final OwnCertificate own;

    /** What waits for its 50 ms; run with {@link #coalesce}. */
    public final Queue<Runnable> later = new ConcurrentLinkedQueue<>();

    /** The store of {@link #partitions}, in whose reads a test can interfere. */
    public final InterleavedStore store;

    /** For how long an identity that renews must wait, or null; a test may say. */
    public Function<Identity, @Nullable Duration> rates = identity -> null;

    private final ExecutorService answers = Executors.newSingleThreadExecutor();

    private TestService(Path folder, MutableClock clock, ServiceKeys keys, TrustLimits trustLimits, int identities,
            NonceSource nonces) {
        this.clock = clock;
        this.nonces = nonces;
        this.keys = keys;
        store = new InterleavedStore(RocksPartitionStore.open(folder, StoreLimits.DEFAULT));
        List<Keyspace<?, ?>> keyspaces = new ArrayList<>(TrustRows.ALL);
        keyspaces.addAll(AuditRows.ALL);
        keyspaces.addAll(IssuanceRows.ALL);
        keyspaces.add(Partitions.LAYOUT);
        partitions = new Partitions(new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock,
                System::nanoTime, answers), PartitionLimits.DEFAULT, identities);
        OwnIssuer issuer = new OwnIssuer(DOMAIN, keys.issuing().publicKey(), keys.bundle(),
                keys.log().publicKey());
        trust = Trust.load(partitions.service(), issuer, trustLimits, later::add, Runnable::run);
        try {
            partitions.start();
        } catch (IllegalStateException e) {
            partitions.close();
            store.close();
            throw e;
        }
        issuance = new Issuance(partitions, trust, keys.issuing(), AUDIENCE, nonces, IssuanceLimits.DEFAULT,
                identity -> rates.apply(identity));
        own = new OwnCertificate(partitions.service(), trust, keys, AUDIENCE, List.of("1.0"));
    }

    /** Opens, and begins as a server does. */
    public static TestService open(Path folder, MutableClock clock, ServiceKeys keys, TrustLimits limits, int count) {
        return open(folder, clock, keys, limits, count, seeded(7));
    }

    private static TestService open(Path folder, MutableClock clock, ServiceKeys keys, TrustLimits limits, int count,
            NonceSource nonces) {
        TestService service = new TestService(folder, clock, keys, limits, count, nonces);
        if (!(get(service.trust.begin()) instanceof Establish.Established)) {
            throw new AssertionError("trust did not begin");
        }
        get(service.own.begin());
        return service;
    }

    public static TestService open(Path folder) {
        return open(folder, new MutableClock(START), keys(1), TrustLimits.DEFAULT, 1);
    }

    /** Stops, and starts again on the same folder, clock and keys. */
    public TestService restart(Path folder) {
        int count = partitions.identities().size();
        close();
        return open(folder, clock, keys, TrustLimits.DEFAULT, count, nonces);
    }

    public static ServiceKeys keys(int seed) {
        return new ServiceKeys(signer(100 * seed + 1), signer(100 * seed + 2), signer(100 * seed + 3),
                signer(100 * seed + 4));
    }

    public static Signer signer(int seed) {
        return Signer.fromSeed(seeded(seed).bytes(32));
    }

    /** Bytes that are the same in every run. */
    public static NonceSource seeded(long seed) {
        Random random = new Random(seed);
        return bytes -> {
            synchronized (random) {
                random.nextBytes(bytes);
            }
        };
    }

    /** Runs what waited. */
    public void coalesce() {
        for (Runnable task = later.poll(); task != null; task = later.poll()) {
            task.run();
        }
    }

    public Enrolment enrolment() {
        return new Enrolment(null, List.of("read"), "Example Ltd", Duration.ofHours(1),
                clock.instant().plus(Duration.ofDays(7)));
    }

    /** A proof of an agent for a binding. */
    public IssuanceProof proof(Signer key, String binding, @Nullable String tokenId) {
        return new IssuanceProof(AUDIENCE, Role.AGENT, "a-subject", binding, key.publicKey(), List.of("1.0"),
                tokenId, nonces.nonce(), (double) clock.instant().toEpochMilli());
    }

    /** A join token for an agent. */
    public CreateJoinToken.Created token(String requestId, String binding) {
        return (CreateJoinToken.Created) get(issuance.createJoinToken(
                new CreateJoinToken(requestId, Role.AGENT, binding, null, enrolment(), Duration.ofMinutes(5))));
    }

    public IssueOutcome issue(IssuanceProof proof, Signer key, IssueRequest.Authority authority) {
        return get(issuance.issue(new IssueRequest(SignedStatement.sign(proof.statement(), key), authority)));
    }

    /** A certificate by an admin. */
    public IssuedCertificate certificate(Signer key, String binding) {
        return ((IssueOutcome.Issued) issue(proof(key, binding, null), key,
                new IssueRequest.Admin("alice", enrolment()))).certificate();
    }

    /** Waits until everything that was submitted to a partition before has been answered. */
    public static void settle(Partition partition) {
        get(partition.submit(rows -> true));
        // What the first answers set off in their turn is in the queue by now: answers come on one thread.
        get(partition.submit(rows -> true));
    }

    public static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(120, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        trust.close();
        partitions.close();
        store.close();
        answers.close();
    }
}
