package io.agentpassport.core;

import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateMemo;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the parts of the protocol cost, on one thread. Compare the figures of one run with each other: machines differ,
 * and so do hours.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-Xmx1g", "--enable-native-access=ALL-UNNAMED"})
public class CoreBenchmark {

    private static final long NOW = 1_990_212_748_000L;
    private static final long DAY = 86_400_000L;
    private static final List<String> VERSIONS = List.of("1.1", "1.0");
    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private final Signer issuer = signer("issuer");
    private final Signer agent = signer("agent");
    private final Signer system = signer("system");
    private final Nonce agentNonce = nonce("agent");
    private final Nonce systemNonce = nonce("system");

    private final Certificate agentCertificate = unsigned(Role.AGENT, agent).sign(issuer);
    private final Certificate systemCertificate = unsigned(Role.INFORMATION_SYSTEM, system).sign(issuer);
    private final Attest agentAttest = attest(Role.AGENT, agentNonce, systemNonce, agentCertificate, agent);
    private final Attest systemAttest = attest(Role.INFORMATION_SYSTEM, systemNonce, agentNonce, systemCertificate,
            system);
    private final byte[] agentAttestJson = Jcs.bytes(agentAttest.json());

    private final TrustAnchors anchors = TrustAnchors.of(List.of(new TrustAnchor("anchor", "Anchor", Role.TRUST_ANCHOR,
            issuer.publicKey(), (double) (NOW - DAY), (double) (NOW + DAY), List.of("agent:*", "mcp://*"))), Set.of());
    private final MutualAuthPolicy policy = MutualAuthPolicy.accepting(VERSIONS);
    private final AttestVerifier cold = new AttestVerifier(policy, anchors, CertificateVerifier.DIRECT);
    private final AttestVerifier warm = new AttestVerifier(policy, anchors, new CertificateMemo(1_000));
    private final ExpectedNonces ofAgent = new ExpectedNonces(systemNonce.text(), agentNonce.text());
    private final ExpectedNonces ofSystem = new ExpectedNonces(agentNonce.text(), systemNonce.text());

    private final Session session = derive(agentAttest, systemAttest);

    private final byte[] certificateBytes = Jcs.bytes(agentCertificate.json().without("signature_b64"));
    private final Signature certificateSignature = agent.sign(certificateBytes);

    /** The strict gate: an attest of about 1.2 KB, from bytes to tree. */
    @Benchmark
    public JsonParser.Outcome parseAttest() {
        return PARSER.parse(agentAttestJson);
    }

    /** Canonical bytes of a certificate, from its tree. */
    @Benchmark
    public byte[] canonicaliseCertificate() {
        return Jcs.bytes(agentCertificate.json());
    }

    /** Ed25519 over the bytes of a certificate, and nothing else. */
    @Benchmark
    public Signature signRaw() {
        return agent.sign(certificateBytes);
    }

    /** Ed25519 over the bytes of a certificate, our four guards included. */
    @Benchmark
    public boolean verifyRaw() {
        return Ed25519.verify(agent.publicKey(), certificateBytes, certificateSignature);
    }

    /** From members to the signed document. */
    @Benchmark
    public Certificate buildAndSignCertificate() {
        return unsigned(Role.AGENT, agent).sign(issuer);
    }

    /** Gate, all checks, both signatures. */
    @Benchmark
    public AttestVerifier.Verdict verifyAttestCold() {
        return accepted(cold.verify(received(agentAttestJson), ofAgent, NOW));
    }

    /** The same when the certificate's own signature was verified before. */
    @Benchmark
    public AttestVerifier.Verdict verifyAttestWithMemo() {
        return accepted(warm.verify(received(agentAttestJson), ofAgent, NOW));
    }

    /** The record from two attests that were verified before, so that both certificates' ids are known. */
    @Benchmark
    public Session deriveSession() {
        return derive(agentAttest, systemAttest);
    }

    /** The bytes of a record that both sides compare. */
    @Benchmark
    public byte[] canonicaliseSession() {
        return session.canonicalBytes();
    }

    /** Both sides: two attests and a session proof signed, parsed and verified, the record derived twice. */
    @Benchmark
    public boolean handshake() {
        // The system answers the hello.
        Attest answer = attest(Role.INFORMATION_SYSTEM, systemNonce, agentNonce, systemCertificate, system);
        byte[] fromSystem = Jcs.bytes(answer.json());
        // The agent verifies it, proves itself, and signs the session it derives.
        Attest systemAsReceived = received(fromSystem);
        accepted(cold.verify(systemAsReceived, ofSystem, NOW));
        Attest own = attest(Role.AGENT, agentNonce, systemNonce, agentCertificate, agent);
        byte[] fromAgent = Jcs.bytes(own.json());
        var session = derive(own, systemAsReceived);
        var proof = new SessionProof(session.id(), "mcp://system.example");
        SignedStatement signed = SignedStatement.sign(proof.statement(), agent);
        byte[] proofJson = Jcs.bytes(signed.statement());
        // The system verifies both, and derives the same.
        Attest agentAsReceived = received(fromAgent);
        accepted(cold.verify(agentAsReceived, ofAgent, NOW));
        var same = derive(agentAsReceived, answer);
        var statement = new SignedStatement(parsed(proofJson), signed.signature());
        boolean proved = new SessionProof(same.id(), "mcp://system.example").isProvedBy(statement, agent.publicKey());
        if (!proved || !Arrays.equals(session.canonicalBytes(), same.canonicalBytes())) {
            throw new IllegalStateException("the sides disagree");
        }
        return true;
    }

    private static Session derive(Attest agent, Attest system) {
        return ((SessionDerivation.Derived) SessionDerivation.derive(agent, system, 3_600_000L, NOW)).session();
    }

    private static AttestVerifier.Verdict accepted(AttestVerifier.Verdict verdict) {
        if (verdict instanceof AttestVerifier.Refused refused) {
            throw new IllegalStateException("refused: " + refused.failure());
        }
        return verdict;
    }

    private static Attest received(byte[] json) {
        return new Attest(parsed(json));
    }

    private static JsonObject parsed(byte[] json) {
        return ((JsonParser.Parsed) PARSER.parse(json)).object();
    }

    private UnsignedCertificate unsigned(Role role, Signer subject) {
        return new UnsignedCertificate(role, "did:example:subject", subject.publicKey(), "issuer", Role.TRUST_ANCHOR,
                issuer.publicKey(), NOW - DAY, NOW + DAY,
                role == Role.AGENT ? "agent:subject" : "mcp://system.example",
                role == Role.AGENT ? new AttestationGrade(2) : null, VERSIONS,
                role == Role.AGENT ? List.of("mcp:read", "mcp:write") : null);
    }

    private static Attest attest(Role role, Nonce own, Nonce peer, Certificate certificate, Signer subject) {
        return new UnsignedAttest(role, "1.1", own.text(), peer.text(), certificate, NOW).sign(subject);
    }

    private static Signer signer(String label) {
        return Signer.fromSeed(Digest.sha256(label.getBytes(StandardCharsets.UTF_8)));
    }

    private static Nonce nonce(String label) {
        return Nonce.of(Arrays.copyOf(Digest.sha256(label.getBytes(StandardCharsets.UTF_8)), Nonce.BYTES));
    }
}
