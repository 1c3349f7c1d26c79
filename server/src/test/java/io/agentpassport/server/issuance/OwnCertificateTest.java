package io.agentpassport.server.issuance;

import static io.agentpassport.server.TestService.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.TestService;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.TrustLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCertificateTest {

    @TempDir
    Path folder;

    @AutoClose
    private TestService service;

    @BeforeEach
    void open() {
        service = TestService.open(folder);
    }

    private VerifiedCertificate current() {
        return service.own.current().certificate();
    }

    private void refresh() {
        service.own.refresh();
        TestService.settle(service.partitions.service());
    }

    @Test
    void itIsThatOfAnInformationSystemThatOurAnchorVouchesFor() {
        double now = (double) service.clock.instant().toEpochMilli();

        assertThat(current().role()).isEqualTo(Role.INFORMATION_SYSTEM);
        assertThat(current().binding()).isEqualTo(service.own.audience());
        assertThat(current().subjectKey()).isEqualTo(service.keys.attest().publicKey());
        assertThat(current().notAfterMillis()).isEqualTo(now + (double) Duration.ofDays(30).toMillis());
        assertThat(service.trust.current().anchors().checkAt(current(), now)).isInstanceOf(TrustAnchors.Trusted.class);
    }

    @Test
    void itSurvivesARestart() {
        VerifiedCertificate before = current();
        service.clock.move(Duration.ofDays(1));

        service = service.restart(folder);

        assertThat(current()).isEqualTo(before);
    }

    @Test
    void itIsReplaced10DaysBeforeItsEnd() {
        VerifiedCertificate before = current();
        service.clock.move(Duration.ofDays(20));
        refresh();
        assertThat(current()).isEqualTo(before);

        service.clock.move(Duration.ofMillis(1));
        refresh();
        assertThat(current().notAfterMillis())
                .isEqualTo((double) service.clock.instant().plus(Duration.ofDays(30)).toEpochMilli());
        VerifiedCertificate replaced = current();
        service = service.restart(folder);
        assertThat(current()).isEqualTo(replaced);
    }

    @Test
    void itIsReplacedWhenItWasRevoked() {
        VerifiedCertificate before = current();
        service.clock.move(Duration.ofSeconds(1));
        assertThat(get(service.issuance.revoke(before.id(), PartitionId.SERVICE, "leaked")))
                .isInstanceOf(Issuance.Revoked.class);

        refresh();

        assertThat(current().id()).isNotEqualTo(before.id());
    }

    @Test
    void anotherAttestKeyGetsAnotherCertificate() {
        VerifiedCertificate before = current();
        service.close();
        ServiceKeys changed = new ServiceKeys(service.keys.issuing(), TestService.signer(9), service.keys.bundle(),
                service.keys.log());

        service = TestService.open(folder, service.clock, changed, TrustLimits.DEFAULT, 1);

        assertThat(current().id()).isNotEqualTo(before.id());
        assertThat(current().subjectKey()).isEqualTo(TestService.signer(9).publicKey());
    }

    @Test
    void anotherIssuingKeyBecomesAnotherAnchorAndTheFormerStays() {
        IssuedCertificate before = service.certificate(TestService.signer(1), "agent:a");
        service.close();
        ServiceKeys changed = new ServiceKeys(TestService.signer(9), service.keys.attest(), service.keys.bundle(),
                service.keys.log());

        service = TestService.open(folder, service.clock, changed, TrustLimits.DEFAULT, 1);

        assertThat(service.trust.current().knownAnchors()).hasSize(2);
        assertThat(current().issuerKey()).isEqualTo(TestService.signer(9).publicKey());
        assertThat(service.trust.current().anchors().check(before.certificate()))
                .isInstanceOf(TrustAnchors.Trusted.class);
    }
}
