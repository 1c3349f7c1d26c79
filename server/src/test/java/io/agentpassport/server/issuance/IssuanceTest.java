package io.agentpassport.server.issuance;

import static io.agentpassport.server.TestService.get;
import static io.agentpassport.server.TestService.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.MixedOrderKey;
import io.agentpassport.server.TestService;
import io.agentpassport.server.issuance.IssueOutcome.Check;
import io.agentpassport.server.issuance.IssueOutcome.Issued;
import io.agentpassport.server.issuance.IssueOutcome.ProofInvalid;
import io.agentpassport.server.issuance.IssueOutcome.TokenInvalid;
import io.agentpassport.server.issuance.IssueOutcome.TokenMismatch;
import io.agentpassport.server.issuance.IssueOutcome.Unacceptable;
import io.agentpassport.server.issuance.IssueRequest.Admin;
import io.agentpassport.server.issuance.IssueRequest.Token;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuanceTest {

    @TempDir
    Path folder;

    private final Signer key = signer(1);

    @AutoClose
    private TestService service;

    @BeforeEach
    void open() {
        service = TestService.open(folder);
    }

    private IssueOutcome use(CreateJoinToken.Created token, IssuanceProof proof) {
        return service.issue(proof, key, new Token(token.token()));
    }

    @Test
    void aJoinTokenGetsTheCertificateItIsFor() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");

        IssuedCertificate issued = ((Issued) use(token, service.proof(key, "agent:a", token.tokenId()))).certificate();

        var verified = ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(issued.certificate()))
                .certificate();
        double now = (double) service.clock.instant().toEpochMilli();
        assertThat(service.trust.current().anchors().checkAt(verified, now)).isInstanceOf(TrustAnchors.Trusted.class);
        assertThat(verified.subjectKey()).isEqualTo(key.publicKey());
        assertThat(verified.notBeforeMillis()).isEqualTo(now - 60_000);
        assertThat(verified.notAfterMillis()).isEqualTo(now + 3_600_000);
        assertThat(verified.capabilities()).containsExactly("read");
        assertThat(issued.enrolment().principal()).isEqualTo("Example Ltd");
        assertThat(service.trust.current().issuerDomainOf(verified.issuerKey())).isEqualTo(TestService.DOMAIN);
    }

    @Test
    void anIdentityKeepsItsPrincipal() {
        IssuedCertificate issued = service.certificate(key, "agent:a");

        var row = service.partitions.of(issued.identity())
                .get(IssuanceRows.IDENTITIES, issued.identity().hashText());

        assertThat(Objects.requireNonNull(row).value().principal()).isEqualTo("Example Ltd");
    }

    @Test
    void aJoinTokenWorksOnce() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        use(token, service.proof(key, "agent:a", token.tokenId()));

        assertThat(use(token, service.proof(key, "agent:a", token.tokenId()))).isEqualTo(new TokenInvalid());
    }

    @Test
    void of64RacingUsesOfOneJoinTokenExactlyOneWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            int seed = 1000 * (round + 1);
            CreateJoinToken.Created token = service.token("race" + round, "agent:a");
            List<IssueOutcome> outcomes = race(64, i -> {
                Signer mine = signer(seed + i);
                SignedStatement proof = SignedStatement
                        .sign(service.proof(mine, "agent:a", token.tokenId()).statement(), mine);
                return service.issuance.issue(new IssueRequest(proof, new Token(token.token())));
            });
            assertThat(outcomes).filteredOn(Issued.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(new TokenInvalid()::equals).hasSize(63);
        }
        var listed = Objects.requireNonNull(
                service.issuance.list(new CertificateList.Filter("agent:a", null, null), 100, ""));
        assertThat(listed.rows()).hasSize(5);
    }

    @Test
    void of64RacingUsesWithOneProofAllGetTheSameCertificate() throws Exception {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        SignedStatement proof = SignedStatement.sign(service.proof(key, "agent:a", token.tokenId()).statement(), key);

        List<IssueOutcome> outcomes = race(64,
                i -> service.issuance.issue(new IssueRequest(proof, new Token(token.token()))));

        assertThat(outcomes).allMatch(Issued.class::isInstance);
        assertThat(outcomes.stream().map(outcome -> ((Issued) outcome).certificate().id()).distinct()).hasSize(1);
        assertThat(outcomes).filteredOn(outcome -> !((Issued) outcome).repeated()).hasSize(1);
    }

    @Test
    void aProofGetsItsCertificateAlsoWhenItsOtherUseWinsBetweenTheTwoLooks() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        IssuanceProof proof = service.proof(key, "agent:a", token.tokenId());
        var winner = new AtomicReference<IssueOutcome>();
        // The answer has been looked for by now, and is not there; the token is looked for next.
        service.store.beforeNextGet(IssuanceRows.JOIN_TOKENS, () -> winner.set(use(token, proof)));

        IssueOutcome late = use(token, proof);

        assertThat(winner.get()).isInstanceOf(Issued.class);
        assertThat(late).isEqualTo(new Issued(((Issued) winner.get()).certificate(), true));
    }

    @Test
    void anotherProofGetsNothingWhenTheTokenGoesBetweenTheTwoLooks() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        IssuanceProof first = service.proof(key, "agent:a", token.tokenId());
        IssuanceProof second = service.proof(key, "agent:a", token.tokenId());
        service.store.beforeNextGet(IssuanceRows.JOIN_TOKENS, () -> use(token, first));

        assertThat(use(token, second)).isEqualTo(new TokenInvalid());
    }

    @Test
    void aRepeatedProofGetsTheSameCertificateFor10MinutesAndAcrossARestart() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        IssuanceProof proof = service.proof(key, "agent:a", token.tokenId());
        IssuedCertificate first = ((Issued) use(token, proof)).certificate();

        service.clock.move(Duration.ofMinutes(10).minusMillis(1));
        service = service.restart(folder);
        assertThat(use(token, proof)).isEqualTo(new Issued(first, true));

        service.clock.move(Duration.ofMillis(1));
        assertThat(use(token, proof)).isEqualTo(new ProofInvalid(Check.ISSUED_AT));
    }

    @Test
    void aRepeatedProofWithAnotherSecretGetsNothing() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        IssuanceProof proof = service.proof(key, "agent:a", token.tokenId());
        use(token, proof);

        assertThat(service.issue(proof, key, new Token(wrong(token)))).isEqualTo(new TokenInvalid());
    }

    @Test
    void theFifthWrongSecretBurnsAJoinToken() {
        CreateJoinToken.Created spared = service.token("r1", "agent:a");
        CreateJoinToken.Created burnt = service.token("r2", "agent:b");
        for (int i = 0; i < 4; i++) {
            assertThat(service.issue(service.proof(key, "agent:a", spared.tokenId()), key, new Token(wrong(spared))))
                    .isEqualTo(new TokenInvalid());
        }
        for (int i = 0; i < 5; i++) {
            assertThat(service.issue(service.proof(key, "agent:b", burnt.tokenId()), key, new Token(wrong(burnt))))
                    .isEqualTo(new TokenInvalid());
        }

        assertThat(use(spared, service.proof(key, "agent:a", spared.tokenId()))).isInstanceOf(Issued.class);
        assertThat(use(burnt, service.proof(key, "agent:b", burnt.tokenId()))).isEqualTo(new TokenInvalid());
    }

    @Test
    void fiveRacingWrongSecretsBurnAJoinToken() throws Exception {
        CreateJoinToken.Created token = service.token("r1", "agent:a");

        race(5, i -> {
            SignedStatement proof = SignedStatement.sign(service.proof(key, "agent:a", token.tokenId()).statement(),
                    key);
            return service.issuance.issue(new IssueRequest(proof, new Token(wrong(token))));
        });

        assertThat(use(token, service.proof(key, "agent:a", token.tokenId()))).isEqualTo(new TokenInvalid());
    }

    @Test
    void aJoinTokenIsGoodForWhomItNamesOnlyAndIsNotUsedUpByOthers() {
        CreateJoinToken.Created token = (CreateJoinToken.Created) get(service.issuance.createJoinToken(
                new CreateJoinToken("r1", Role.AGENT, "agent:a", "a-subject", service.enrolment(),
                        Duration.ofMinutes(5))));
        IssuanceProof good = service.proof(key, "agent:a", token.tokenId());
        IssuanceProof system = new IssuanceProof(good.audience(), Role.INFORMATION_SYSTEM, good.subjectId(),
                good.binding(), good.subjectKey(), good.supportedVersions(), good.joinTokenId(), good.nonce(),
                good.issuedAtMillis());
        IssuanceProof other = new IssuanceProof(good.audience(), good.role(), "somebody", good.binding(),
                good.subjectKey(), good.supportedVersions(), good.joinTokenId(), good.nonce(), good.issuedAtMillis());

        assertThat(use(token, system)).isEqualTo(new TokenMismatch("role"));
        assertThat(use(token, service.proof(key, "agent:b", token.tokenId()))).isEqualTo(new TokenMismatch("binding"));
        assertThat(use(token, other)).isEqualTo(new TokenMismatch("subject_id"));
        assertThat(use(token, good)).isInstanceOf(Issued.class);
    }

    @Test
    void aJoinTokenEndsWithItsLife() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        CreateJoinToken.Created late = service.token("r2", "agent:b");

        service.clock.move(Duration.ofMinutes(5));
        assertThat(use(token, service.proof(key, "agent:a", token.tokenId()))).isInstanceOf(Issued.class);
        service.clock.move(Duration.ofMillis(1));
        assertThat(use(late, service.proof(key, "agent:b", late.tokenId()))).isEqualTo(new TokenInvalid());
    }

    @Test
    void aJoinTokenSurvivesARestart() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");

        service = service.restart(folder);

        assertThat(use(token, service.proof(key, "agent:a", token.tokenId()))).isInstanceOf(Issued.class);
        service = service.restart(folder);
        assertThat(use(token, service.proof(key, "agent:a", token.tokenId()))).isEqualTo(new TokenInvalid());
    }

    @Test
    void aRepeatedRequestWithdrawsTheTokenMadeBefore() {
        CreateJoinToken.Created first = service.token("r1", "agent:a");
        Enrolment enrolment = service.enrolment();
        CreateJoinToken again = new CreateJoinToken("r1", Role.AGENT, "agent:a", null, enrolment,
                Duration.ofMinutes(5));
        CreateJoinToken.Created second = (CreateJoinToken.Created) get(service.issuance.createJoinToken(again));

        assertThat(use(first, service.proof(key, "agent:a", first.tokenId()))).isEqualTo(new TokenInvalid());
        assertThat(use(second, service.proof(key, "agent:a", second.tokenId()))).isInstanceOf(Issued.class);
        assertThat(get(service.issuance.createJoinToken(again))).isEqualTo(new CreateJoinToken.RequestIdReused("r1"));
    }

    @Test
    void theFirstFaultOfAProofIsTheAnswer() {
        IssuanceProof good = service.proof(key, "agent:a", null);
        Admin admin = new Admin("alice", service.enrolment());

        assertThat(get(service.issuance.issue(new IssueRequest(
                SignedStatement.sign(good.statement().without("nonce_b64"), key), admin))))
                .isEqualTo(new ProofInvalid(Check.STATEMENT));
        assertThat(service.issue(withAudience(good, "passport://other"), key, admin))
                .isEqualTo(new ProofInvalid(Check.AUDIENCE));
        assertThat(service.issue(at(good, 60_001), key, admin)).isEqualTo(new ProofInvalid(Check.ISSUED_AT));
        assertThat(service.issue(at(good, -60_001), key, admin)).isEqualTo(new ProofInvalid(Check.ISSUED_AT));
        assertThat(service.issue(service.proof(key, "agent:a", "jt_0"), key, admin))
                .isEqualTo(new ProofInvalid(Check.JOIN_TOKEN_ID));
        assertThat(service.issue(good, signer(2), admin)).isEqualTo(new ProofInvalid(Check.SIGNATURE));
        assertThat(service.issue(at(good, 60_000), key, admin)).isInstanceOf(Issued.class);
        assertThat(service.issue(at(good, -60_000), key, admin)).isInstanceOf(Issued.class);
    }

    @Test
    void nobodyIsGivenTheServicesOwnBinding() {
        assertThat(service.issue(service.proof(key, TestService.AUDIENCE, null), key,
                new Admin("alice", service.enrolment()))).isInstanceOf(Unacceptable.class);
        assertThat(get(service.issuance.createJoinToken(new CreateJoinToken("r1", Role.AGENT, TestService.AUDIENCE,
                null, service.enrolment(), Duration.ofMinutes(1))))).isInstanceOf(CreateJoinToken.Unacceptable.class);
    }

    @Test
    void nobodyIsGivenABindingThatReadsAsTheServicesOwn() {
        Admin admin = new Admin("alice", service.enrolment());
        for (String like : List.of(TestService.AUDIENCE.toUpperCase(Locale.ROOT), TestService.AUDIENCE + " ",
                TestService.AUDIENCE + "\u200b", TestService.AUDIENCE.replace('p', '\uff50'))) {
            assertThat(service.issue(service.proof(key, like, null), key, admin)).as(like)
                    .isInstanceOf(Unacceptable.class);
        }
    }

    @Test
    void namesThatDoNotShowAsTheyAreAreRefused() {
        Admin admin = new Admin("alice", service.enrolment());
        for (String hidden : List.of("agent:\u202etxet", "agent:a\u200bb", "agent:a\u2028b", "agent:\u2066a",
                " agent:a",
                "agent:a\t", "agent:\ufeffa")) {
            assertThat(service.issue(service.proof(key, hidden, null), key, admin)).as(hidden)
                    .isInstanceOf(Unacceptable.class);
        }
        assertThat(service.issue(service.proof(key, "agent:\u00fc\u65e5\ud83d\ude00", null), key, admin))
                .isInstanceOf(Issued.class);
    }

    @Test
    void textsAndTermsBeyondTheirLimitsAreRefused() {
        Admin admin = new Admin("alice", service.enrolment());
        assertThat(service.issue(service.proof(key, "b".repeat(256), null), key, admin)).isInstanceOf(Issued.class);
        assertThat(service.issue(service.proof(key, "b".repeat(257), null), key, admin))
                .isInstanceOf(Unacceptable.class);
        assertThat(service.issue(service.proof(key, "line\nbreak", null), key, admin))
                .isInstanceOf(Unacceptable.class);
        assertThat(service.issue(versions(16), key, admin)).isInstanceOf(Issued.class);
        assertThat(service.issue(versions(17), key, admin)).isInstanceOf(Unacceptable.class);
        assertThat(admin("p".repeat(128), Duration.ofHours(24), 30)).isInstanceOf(Issued.class);
        assertThat(admin("p".repeat(129), Duration.ofHours(24), 30)).isInstanceOf(Unacceptable.class);
        assertThat(admin("", Duration.ofHours(24), 30)).isInstanceOf(Unacceptable.class);
        assertThat(admin("p", Duration.ofHours(24).plusMillis(1), 30)).isInstanceOf(Unacceptable.class);
        assertThat(admin("p", Duration.ofMillis(999), 30)).isInstanceOf(Unacceptable.class);
        assertThat(admin("p", Duration.ofHours(1), 31)).isInstanceOf(Unacceptable.class);
    }

    private IssueOutcome admin(String principal, Duration life, int renewDays) {
        return service.issue(service.proof(key, "agent:a", null), key, new Admin("alice",
                new Enrolment(null, null, principal, life, service.clock.instant().plus(Duration.ofDays(renewDays)))));
    }

    @Test
    void aKeyOutsideThePrimeOrderSubgroupIsRefused() {
        // Of order 2 L: a good key plus the point of order 2, for which its signatures verify now and then.
        PublicKey mixed = MixedOrderKey.of(key.publicKey());
        IssuanceProof proof = service.proof(key, "agent:a", null);
        IssuanceProof weak = new IssuanceProof(proof.audience(), proof.role(), proof.subjectId(), proof.binding(),
                mixed,
                proof.supportedVersions(), null, proof.nonce(), proof.issuedAtMillis());

        assertThat(get(service.issuance
                .issue(new IssueRequest(MixedOrderKey.sign(weak.statement(), TestService.seeded(1).bytes(32), mixed),
                        new Admin("alice", service.enrolment())))))
                .isEqualTo(new IssueOutcome.WeakKey());
    }

    private IssuanceProof versions(int count) {
        IssuanceProof good = service.proof(key, "agent:a", null);
        List<String> versions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            versions.add("1." + i);
        }
        return new IssuanceProof(good.audience(), good.role(), good.subjectId(), good.binding(), good.subjectKey(),
                versions, null, good.nonce(), good.issuedAtMillis());
    }

    private static IssuanceProof withAudience(IssuanceProof good, String audience) {
        return new IssuanceProof(audience, good.role(), good.subjectId(), good.binding(), good.subjectKey(),
                good.supportedVersions(), null, good.nonce(), good.issuedAtMillis());
    }

    private static IssuanceProof at(IssuanceProof good, long shift) {
        return new IssuanceProof(good.audience(), good.role(), good.subjectId(), good.binding(), good.subjectKey(),
                good.supportedVersions(), null, good.nonce(), good.issuedAtMillis() + (double) shift);
    }

    private static String wrong(CreateJoinToken.Created token) {
        String right = token.token();
        return right.substring(0, right.length() - 1) + (right.endsWith("A") ? "B" : "A");
    }

    private interface Attempt {
        CompletableFuture<IssueOutcome> by(int thread);
    }

    /** All attempts at once, each on a thread of its own. */
    private static List<IssueOutcome> race(int threads, Attempt attempt) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<IssueOutcome> outcomes = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            List<Future<IssueOutcome>> futures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                futures.add(callers.submit(() -> {
                    start.await();
                    return get(attempt.by(thread));
                }));
            }
            for (Future<IssueOutcome> future : futures) {
                outcomes.add(future.get());
            }
        }
        return outcomes;
    }
}
