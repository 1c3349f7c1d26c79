package io.agentpassport.server.trust;

import static io.agentpassport.server.TestService.get;
import static io.agentpassport.server.TestService.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.server.TestService;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.issuance.IssueOutcome;
import io.agentpassport.server.issuance.IssueRequest;
import io.agentpassport.server.issuance.IssuedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationTest {

    @TempDir
    Path folder;

    @AutoClose
    private TestService service;

    @BeforeEach
    void open() {
        service = TestService.open(folder);
    }

    private CompletableFuture<RevokeCertificate.Outcome> revoke(IssuedCertificate certificate, String reason) {
        return service.trust
                .revokeCertificate(new RevokeCertificate(certificate.id(), reason, certificate.notAfter()));
    }

    private VerifiedTrustBundle published() {
        var bundle = Objects.requireNonNull(service.trust.current().bundleOf(service.keys.bundle().publicKey()));
        // While the clock stands still each bundle is a millisecond later than the one before.
        assertThat(service.trust.current()
                .verify(new TrustBundle(bundle.bundle().json()), service.clock.instant().plusMillis(5)))
                .isInstanceOf(TrustBundle.Valid.class);
        return bundle.bundle();
    }

    @Test
    void aRevocationIsInForceWhenItIsAnswered() {
        for (int i = 0; i < 50; i++) {
            IssuedCertificate certificate = service.certificate(signer(i), "agent:" + i);
            CertificateId id = certificate.id();
            assertThat(service.trust.current().isRevoked(id)).isFalse();

            // Looked at by the thread that answers, before it does anything else.
            boolean inForce = get(
                    revoke(certificate, "lost").thenApply(done -> service.trust.current().isRevoked(id)));

            assertThat(inForce).isTrue();
        }
    }

    @Test
    void aRevokedCertificateIsAnsweredByTheAnchorsAlsoAfterARestart() {
        IssuedCertificate certificate = service.certificate(signer(1), "agent:a");
        get(revoke(certificate, "lost"));

        service = service.restart(folder);

        var verified = ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(certificate.certificate()))
                .certificate();
        var verdict = service.trust.current()
                .anchors()
                .checkAt(verified, (double) service.clock.instant().toEpochMilli());
        assertThat(((TrustAnchors.Untrusted) verdict).reason()).isEqualTo(TrustAnchors.Reason.REVOKED_CERTIFICATE);
        assertThat(published().revokedCertificates()).containsExactly(certificate.id());
    }

    @Test
    void aRevocationOutlivesWhatAnyClockSkewMayKeepAlive() {
        assertThat(TrustLimits.REVOCATION_GRACE).isGreaterThanOrEqualTo(ServerConfig.LONGEST_CLOCK_SKEW);
    }

    @Test
    void theFirstRevocationStays() {
        IssuedCertificate certificate = service.certificate(signer(1), "agent:a");
        var first = get(revoke(certificate, "lost"));
        service.clock.move(Duration.ofMinutes(1));

        assertThat(get(revoke(certificate, "stolen"))).isEqualTo(first);
    }

    @Test
    void revocationsWithinAMomentShareOneBundle() {
        double before = published().issuedAtMillis();
        long version = service.trust.current().version();
        List<CertificateId> ids = IntStream.range(0, 3)
                .mapToObj(i -> service.certificate(signer(i), "agent:" + i))
                .peek(certificate -> get(revoke(certificate, "lost")))
                .map(IssuedCertificate::id)
                .toList();
        assertThat(service.later).hasSize(1);
        assertThat(published().revokedCertificates()).isEmpty();

        service.coalesce();
        TestService.settle(service.partitions.service());

        assertThat(published().revokedCertificates()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(published().json().strings("revoked_certificates")).isSorted();
        // The clock stood still: the next bundle is still newer.
        assertThat(published().issuedAtMillis()).isEqualTo(before + 1);
        assertThat(service.trust.current().version()).isEqualTo(version + 4);
    }

    @Test
    void aRevocationFallsOutOfTheBundleWhenTheCertificatesLifeIsOver() {
        IssuedCertificate certificate = service.certificate(signer(1), "agent:a");
        get(revoke(certificate, "lost"));
        service.coalesce();
        TestService.settle(service.partitions.service());
        assertThat(published().revokedCertificates()).hasSize(1);

        service.clock.move(Duration.ofHours(1).plus(TrustLimits.REVOCATION_GRACE).plusMillis(1));
        IssuedCertificate other = service.certificate(signer(2), "agent:b");
        get(revoke(other, "lost"));
        service.coalesce();
        TestService.settle(service.partitions.service());

        assertThat(published().revokedCertificates()).containsExactly(other.id());
        assertThat(Objects.requireNonNull(service.trust.revocationOf(certificate.id())).reason()).isEqualTo("lost");
    }

    @Test
    void ourBundleIsRefreshedBeforeItMust() {
        double before = published().issuedAtMillis();
        service.clock.move(Duration.ofHours(12));
        service.trust.refresh();
        TestService.settle(service.partitions.service());
        assertThat(published().issuedAtMillis()).isEqualTo(before);

        service.clock.move(Duration.ofMillis(1));
        service.trust.refresh();
        TestService.settle(service.partitions.service());
        assertThat(published().issuedAtMillis()).isEqualTo((double) service.clock.instant().toEpochMilli());
        assertThat(published().refreshAfterMillis()).isEqualTo(published().issuedAtMillis() + 24 * 3_600_000);
    }

    @Test
    void whatWasNotPublishedBeforeAStopIsPublishedAtTheStart() {
        IssuedCertificate certificate = service.certificate(signer(1), "agent:a");
        get(revoke(certificate, "lost"));
        assertThat(published().revokedCertificates()).isEmpty();

        service = service.restart(folder);

        assertThat(published().revokedCertificates()).containsExactly(certificate.id());
    }

    @Test
    void beyondTheLimitTheAnchorMustBeRevokedInstead() {
        service.close();
        TrustLimits two = new TrustLimits(2, 1, 1, 2, 1, 1, Duration.ofHours(24), Duration.ofHours(12),
                Duration.ofSeconds(30));
        service = TestService.open(folder, service.clock, service.keys, two, 1);
        List<IssuedCertificate> certificates = IntStream.range(0, 3)
                .mapToObj(i -> service.certificate(signer(i), "agent:" + i))
                .toList();

        List<RevokeCertificate.Outcome> raced = certificates.stream()
                .map(certificate -> revoke(certificate, "lost"))
                .toList()
                .stream()
                .map(TestService::get)
                .toList();

        assertThat(raced).filteredOn(RevokeCertificate.BundleFull.class::isInstance)
                .singleElement()
                .satisfies(full -> assertThat(((RevokeCertificate.BundleFull) full).advice())
                        .contains(service.trust.own().anchorId()));
        // What is revoked already can be said again.
        assertThat(get(revoke(certificates.getFirst(), "lost"))).isInstanceOf(RevokeCertificate.Revoked.class);
    }

    @Test
    void revokingOurAnchorEndsEverythingItIssued() {
        IssuedCertificate certificate = service.certificate(signer(1), "agent:a");
        String anchorId = service.trust.own().anchorId();

        var revoked = get(service.trust.revokeAnchor(new RevokeAnchor(anchorId, "key leaked")));

        assertThat(published().revokedAnchors()).containsExactly(anchorId);
        service.clock.move(Duration.ofMinutes(1));
        assertThat(get(service.trust.revokeAnchor(new RevokeAnchor(anchorId, "again")))).isEqualTo(revoked);
        assertThat(get(service.trust.revokeAnchor(new RevokeAnchor("other", "again"))))
                .isEqualTo(new RevokeAnchor.NotFound());
        service.close();
        // Begins all the same, so that an operator can look at it.
        service = TestService.open(folder, service.clock, service.keys, TrustLimits.DEFAULT, 1);
        var verified = ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(certificate.certificate()))
                .certificate();
        var verdict = service.trust.current()
                .anchors()
                .checkAt(verified, (double) service.clock.instant().toEpochMilli());
        assertThat(((TrustAnchors.Untrusted) verdict).reason()).isEqualTo(TrustAnchors.Reason.REVOKED_ANCHOR);
        IssueOutcome outcome = service.issue(service.proof(signer(1), "agent:a", null), signer(1),
                new IssueRequest.Admin("alice", service.enrolment()));
        assertThat(((IssueOutcome.IssuerUnusable) outcome).advice()).contains("keys/issuing.pem");
    }
}
