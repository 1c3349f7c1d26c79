package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateMemo;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.partition.Rates;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.trust.OwnIssuer;
import io.agentpassport.server.trust.RevokeCertificate;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.trust.TrustLimits;
import io.agentpassport.server.trust.TrustRows;
import io.agentpassport.server.trust.TrustSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The service as far as mutual authentication needs it, on a real store, with a clock that the test moves. */
final class AuthWorld implements AutoCloseable {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final String AUDIENCE = "passport://localhost";
    static final String DOMAIN = "localhost";

    /** Where our trust bundle would be published, which nobody reads here. */
    private static final Executor NEVER = task -> {};

    final MutableClock clock = new MutableClock(START);
    final NonceSource nonces = NonceSource.from(new Random(20260301));

    private final Path folder;
    private final MutualAuthLimits limits;
    private final Signer issuer = Signer.fromSeed(nonces.bytes(32));
    private final Signer bundleKey = Signer.fromSeed(nonces.bytes(32));
    private final Signer logKey = Signer.fromSeed(nonces.bytes(32));
    private final OwnIdentity own;
    private final CertificateMemo memo = new CertificateMemo(1_000);
    private final AtomicReference<@Nullable Runnable> beforeVerifying = new AtomicReference<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicReference<Executor> loaders = new AtomicReference<>(threads);

    private RocksPartitionStore store;
    private Partitions partitions;
    private Trust trust;
    private MutualAuth auth;

    /** What the trust in force is seen as; tests change it to stop the service in the middle. */
    private volatile UnaryOperator<TrustSnapshot> trustSeen = UnaryOperator.identity();

    AuthWorld(Path folder) {
        this(folder, MutualAuthLimits.DEFAULT);
    }

    AuthWorld(Path folder, MutualAuthLimits limits) {
        this.folder = folder;
        this.limits = limits;
        Signer attestKey = Signer.fromSeed(nonces.bytes(32));
        own = new OwnIdentity(verified(issue(Role.INFORMATION_SYSTEM, AUDIENCE, attestKey, Duration.ofDays(30))),
                attestKey);
        open();
    }

    private void open() {
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        List<Keyspace<?, ?>> keyspaces = new ArrayList<>(List.of(Partitions.LAYOUT));
        keyspaces.addAll(AuditRows.ALL);
        keyspaces.addAll(TrustRows.ALL);
        keyspaces.addAll(MutualAuthRows.ALL);
        partitions = new Partitions(
                new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock, System::nanoTime, threads),
                PartitionLimits.DEFAULT, 2);
        trust = Trust.load(partitions.service(),
                new OwnIssuer(DOMAIN, issuer.publicKey(), bundleKey, logKey.publicKey()),
                TrustLimits.DEFAULT, NEVER, threads);
        auth = new MutualAuth(new MutualAuthContext(partitions, () -> trustSeen.apply(trust.current()), () -> own,
                new MutualAuthPolicy(TestAgent.VERSIONS, null, List.of(), 0, null), this::verify, nonces,
                task -> loaders.get().execute(task),
                clock.instant(), new Rates<>(1_000_000, 1_000_000, 1_000_000, System::nanoTime)), limits);
        partitions.start();
        trust.begin().join();
    }

    /** Stops the service and starts it anew on the same data. */
    void restart() {
        stop();
        open();
    }

    private void stop() {
        trust.close();
        partitions.close();
        store.close();
    }

    @Override
    public void close() {
        stop();
        threads.close();
    }

    MutualAuth auth() {
        return auth;
    }

    /** From now on as many sessions wait to be loaded as may. */
    void refuseToLoad() {
        loaders.set(task -> {
            throw new RejectedExecutionException("full");
        });
    }

    Partitions partitions() {
        return partitions;
    }

    private CertificateVerifier.Verdict verify(Certificate certificate) {
        Runnable happening = beforeVerifying.getAndSet(null);
        if (happening != null) {
            happening.run();
        }
        return memo.verify(certificate);
    }

    /** Has something happen in the middle, just before the next certificate is looked at. */
    void beforeVerifying(Runnable happening) {
        beforeVerifying.set(happening);
    }

    void seeTrustAs(UnaryOperator<TrustSnapshot> seen) {
        trustSeen = seen;
    }

    TrustSnapshot trust() {
        return trust.current();
    }

    /** An agent with a certificate of ours for one day. */
    TestAgent agent(String binding) {
        Signer key = Signer.fromSeed(nonces.bytes(32));
        return new TestAgent(key, issue(Role.AGENT, binding, key, Duration.ofDays(1)));
    }

    /** An agent of another issuer, which nobody here believes. */
    TestAgent stranger(String binding) {
        Signer key = Signer.fromSeed(nonces.bytes(32));
        return new TestAgent(key,
                issue(Signer.fromSeed(nonces.bytes(32)), Role.AGENT, binding, key, Duration.ofDays(1)));
    }

    Certificate issue(Role role, String binding, Signer subject, Duration life) {
        return issue(issuer, role, binding, subject, life);
    }

    private Certificate issue(Signer by, Role role, String binding, Signer subject, Duration life) {
        double now = clock.instant().toEpochMilli();
        return new UnsignedCertificate(role, "subject of " + binding, subject.publicKey(), "issuer", Role.TRUST_ANCHOR,
                by.publicKey(), now - 60_000, now + life.toMillis(), binding, null, TestAgent.VERSIONS, null).sign(by);
    }

    private static VerifiedCertificate verified(Certificate certificate) {
        return ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(certificate)).certificate();
    }

    static Identity identity(TestAgent agent) {
        String binding = agent.certificate().json().string("binding");
        return new Identity(DOMAIN, binding == null ? "" : binding);
    }

    void revoke(Certificate certificate) {
        trust.revokeCertificate(new RevokeCertificate(certificate.id(), "test", START.plus(Duration.ofDays(30))))
                .join();
    }

    Certificate ownCertificate() {
        return own.certificate().certificate();
    }

    HelloOutcome hello(Hello hello) {
        return auth.handshakes().hello(hello, "peer", clock.instant());
    }

    TestAgent.Greeting greet() {
        var nonce = nonces.nonce();
        HelloOutcome outcome = hello(TestAgent.hello(nonce, clock.instant()));
        if (outcome instanceof HelloOutcome.Challenged challenged) {
            return new TestAgent.Greeting(nonce, challenged);
        }
        throw new AssertionError("no challenge: " + outcome);
    }

    AttestOutcome attest(Attest attest, SignedStatement proof) {
        return auth.handshakes().attest(attest, proof, clock.instant()).join();
    }

    /** A whole handshake. */
    SessionSnapshot handshake(TestAgent agent) {
        TestAgent.Greeting greeting = greet();
        Attest attest = agent.attest(greeting, clock.instant());
        AttestOutcome outcome = attest(attest, agent.proof(attest, greeting));
        if (outcome instanceof AttestOutcome.Established established) {
            return established.session();
        }
        throw new AssertionError("no session: " + outcome);
    }

    /** The session as it stands now. */
    SessionSnapshot now(SessionSnapshot session) {
        SessionSnapshot found = auth.sessions().get(session.record().id(), session.partition(), null, clock.instant());
        if (found == null) {
            throw new AssertionError("no session " + session.record().id());
        }
        return found;
    }

    SessionState stateOf(SessionSnapshot session) {
        return now(session).state();
    }

    /** Has a call checked that is as it should be. */
    ProofOutcome call(TestAgent agent, SessionId session) {
        return check(agent.call(session, nonces.nonce(), clock.instant()));
    }

    ProofOutcome check(SignedStatement proof) {
        return auth.proofs().check(proof, TestAgent.METHOD, TestAgent.BODY, clock.instant()).join();
    }
}
