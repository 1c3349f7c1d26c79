package io.agentpassport.server.issuance;

import static io.agentpassport.server.TestService.get;
import static io.agentpassport.server.TestService.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.TestService;
import io.agentpassport.server.issuance.IssueOutcome.Cause;
import io.agentpassport.server.issuance.IssueOutcome.Issued;
import io.agentpassport.server.issuance.IssueOutcome.RenewalRefused;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.RevokeAnchor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewalTest {

    private final Signer oldKey = signer(1);
    private final Signer newKey = signer(2);

    @AutoClose
    private TestService service;

    private IssuedCertificate old;

    @BeforeEach
    void open(@TempDir Path folder) {
        service = TestService.open(folder);
        old = service.certificate(oldKey, "agent:a");
    }

    private IssueOutcome renew(IssuanceProof proof, Signer proving, Signer consenting, CertificateId id) {
        SignedStatement consent = SignedStatement.sign(proof.statement(), consenting);
        return service.issue(proof, proving, new IssueRequest.Renewal(id, old.partition(), consent.signature()));
    }

    private IssueOutcome renew() {
        return renew(service.proof(newKey, "agent:a", null), newKey, oldKey, old.id());
    }

    @Test
    void anotherKeyIsGivenTheSameTermsAndALifeFromNow() {
        service.clock.move(Duration.ofMinutes(40));

        IssuedCertificate renewed = ((Issued) renew()).certificate();

        assertThat(renewed.text("subject_pubkey_hex")).isEqualTo(newKey.publicKey().hex());
        assertThat(renewed.enrolment()).isEqualTo(old.enrolment());
        assertThat(renewed.identity()).isEqualTo(old.identity());
        assertThat(renewed.role()).isEqualTo(old.role());
        assertThat(renewed.certificate().json().get("capabilities"))
                .isEqualTo(old.certificate().json().get("capabilities"));
        assertThat(renewed.notAfter()).isEqualTo(service.clock.instant().plus(Duration.ofHours(1)));
    }

    @Test
    void theSameKeyCanGoOn() {
        assertThat(renew(service.proof(oldKey, "agent:a", null), oldKey, oldKey, old.id())).isInstanceOf(Issued.class);
    }

    @Test
    void anIdentityRenewsNoMoreOftenThanItMayAsk() {
        service.rates = identity -> identity.equals(old.identity()) ? Duration.ofSeconds(3) : null;

        assertThat(renew()).isEqualTo(new IssueOutcome.TooOften(Duration.ofSeconds(3)));
        assertThat(renew(service.proof(newKey, "agent:a", null), newKey, newKey, old.id()))
                .as("it has not proved itself")
                .isEqualTo(new RenewalRefused(Cause.UNKNOWN));
        service.rates = identity -> null;
        assertThat(renew()).isInstanceOf(Issued.class);
    }

    @Test
    void whoseKeyDoesNotConsentIsAnsweredAsIfThereWereNoSuchCertificate() {
        assertThat(renew(service.proof(newKey, "agent:a", null), newKey, newKey, old.id()))
                .isEqualTo(new RenewalRefused(Cause.UNKNOWN));
    }

    @Test
    void anUnknownCertificateIsNotRenewed() {
        IssuanceProof proof = service.proof(newKey, "agent:a", null);
        SignedStatement consent = SignedStatement.sign(proof.statement(), oldKey);

        assertThat(renew(proof, newKey, oldKey, new CertificateId("sha256:" + "0".repeat(64))))
                .isEqualTo(new RenewalRefused(Cause.UNKNOWN));
        assertThat(service.issue(proof, newKey,
                new IssueRequest.Renewal(old.id(), new PartitionId(9), consent.signature())))
                .isEqualTo(new RenewalRefused(Cause.UNKNOWN));
    }

    @Test
    void aRevokedCertificateIsNotRenewed() {
        get(service.issuance.revoke(old.id(), old.partition(), "lost"));

        assertThat(renew()).isEqualTo(new RenewalRefused(Cause.REVOKED));
    }

    @Test
    void aCertificateOfARevokedAnchorIsNotRenewed() {
        get(service.trust.revokeAnchor(new RevokeAnchor(service.trust.own().anchorId(), "leaked")));

        assertThat(renew()).isEqualTo(new RenewalRefused(Cause.REVOKED));
    }

    @Test
    void anExpiredCertificateIsNotRenewed() {
        service.clock.move(Duration.ofHours(1));
        assertThat(renew()).isInstanceOf(Issued.class);

        service.clock.move(Duration.ofMillis(1));
        assertThat(renew()).isEqualTo(new RenewalRefused(Cause.EXPIRED));
    }

    @Test
    void renewalEndsAtTheEnrolmentsInstantForTheWholeChain() {
        for (int minutes = 50; minutes < 7 * 24 * 60; minutes += 50) {
            service.clock.move(Duration.ofMinutes(50));
            Issued renewed = (Issued) renew(service.proof(oldKey, "agent:a", null), oldKey, oldKey, old.id());
            old = renewed.certificate();
        }
        service.clock.move(Duration.ofMinutes(50));

        assertThat(renew()).isEqualTo(new RenewalRefused(Cause.RENEW_UNTIL));
    }

    @Test
    void anotherIdentityIsNotGiven() {
        IssuanceProof good = service.proof(newKey, "agent:a", null);
        IssuanceProof system = new IssuanceProof(good.audience(), Role.INFORMATION_SYSTEM, good.subjectId(),
                good.binding(), good.subjectKey(), good.supportedVersions(), null, good.nonce(), good.issuedAtMillis());
        IssuanceProof named = new IssuanceProof(good.audience(), good.role(), "other", good.binding(),
                good.subjectKey(), good.supportedVersions(), null, good.nonce(), good.issuedAtMillis());

        assertThat(renew(service.proof(newKey, "agent:b", null), newKey, oldKey, old.id()))
                .isEqualTo(new RenewalRefused(Cause.IDENTITY));
        assertThat(renew(system, newKey, oldKey, old.id())).isEqualTo(new RenewalRefused(Cause.IDENTITY));
        assertThat(renew(named, newKey, oldKey, old.id())).isEqualTo(new RenewalRefused(Cause.IDENTITY));
    }

    @Test
    void aRenewalIsNotTheRightOfWhoeverSawItsProof() {
        IssuanceProof proof = service.proof(newKey, "agent:a", null);
        Issued renewed = (Issued) renew(proof, newKey, oldKey, old.id());

        assertThat(renew(proof, newKey, oldKey, old.id())).isEqualTo(new Issued(renewed.certificate(), true));
        assertThat(renew(proof, newKey, signer(3), old.id())).isEqualTo(new RenewalRefused(Cause.UNKNOWN));
    }
}
