package io.agentpassport.server.issuance;

import static io.agentpassport.server.TestService.get;
import static io.agentpassport.server.TestService.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestService;
import io.agentpassport.server.issuance.CertificateList.Filter;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.RevokeAnchor;
import io.agentpassport.server.trust.TrustLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateListTest {

    @TempDir
    Path folder;

    @AutoClose
    private TestService service;

    private final List<IssuedCertificate> issued = new ArrayList<>();

    @BeforeEach
    void open() {
        service = TestService.open(folder, new MutableClock(TestService.START), TestService.keys(1),
                TrustLimits.DEFAULT, 2);
        for (int i = 0; i < 12; i++) {
            service.clock.move(Duration.ofMinutes(10));
            issued.add(service.certificate(signer(i), "agent:" + i % 5));
        }
    }

    private List<CertificateStatus> all(Filter filter, int pageSize) {
        List<CertificateStatus> found = new ArrayList<>();
        String token = "";
        while (token != null) {
            ListPage<CertificateStatus> page = Objects.requireNonNull(service.issuance.list(filter, pageSize, token));
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(pageSize);
            found.addAll(page.rows());
            token = page.next();
        }
        return found;
    }

    @Test
    void everyCertificateIsListedOnceAndTheNewestFirstInItsPartition() {
        for (int pageSize : new int[]{1, 3, 100}) {
            List<CertificateStatus> found = all(new Filter(null, Role.AGENT, null), pageSize);
            assertThat(found).extracting(status -> status.certificate().id())
                    .containsExactlyInAnyOrderElementsOf(issued.stream().map(IssuedCertificate::id).toList());
            for (int partition = 1; partition <= 2; partition++) {
                PartitionId id = new PartitionId(partition);
                assertThat(found.stream().map(CertificateStatus::certificate).filter(c -> c.partition().equals(id)))
                        .isNotEmpty()
                        .extracting(IssuedCertificate::issuedAt)
                        .isSortedAccordingTo((a, b) -> b.compareTo(a));
            }
        }
    }

    @Test
    void theServicesOwnCertificateIsListedAndFoundToo() {
        List<CertificateStatus> found = all(new Filter(TestService.AUDIENCE, null, null), 10);

        assertThat(found).singleElement()
                .extracting(status -> status.certificate().id())
                .isEqualTo(service.own.current().certificate().id());
        assertThat(service.issuance.get(service.own.current().certificate().id(), PartitionId.SERVICE)).isNotNull();
    }

    @Test
    void filtersByBindingAndState() {
        IssuedCertificate newest = issued.get(11);
        IssuedCertificate first = issued.get(1);
        get(service.issuance.revoke(newest.id(), newest.partition(), "lost"));

        assertThat(all(new Filter("agent:1", null, null), 2)).extracting(status -> status.certificate().id())
                .containsExactly(newest.id(), issued.get(6).id(), first.id());
        assertThat(all(new Filter("agent:1", null, CertificateState.REVOKED), 2)).singleElement()
                .extracting(CertificateStatus::revocationReason)
                .isEqualTo("lost");
        assertThat(all(new Filter("agent:1", null, CertificateState.EXPIRED), 2))
                .extracting(status -> status.certificate().id())
                .containsExactly(first.id());
        assertThat(all(new Filter("agent:1", Role.INFORMATION_SYSTEM, null), 2)).isEmpty();
        assertThat(all(new Filter("nobody", null, null), 2)).isEmpty();
    }

    @Test
    void aPageTokenServesItsOwnFilterOnly() {
        String token = Objects.requireNonNull(
                Objects.requireNonNull(service.issuance.list(Filter.ALL, 1, "")).next());

        assertThat(service.issuance.list(new Filter(null, Role.AGENT, null), 1, token)).isNull();
        assertThat(service.issuance.list(Filter.ALL, 1, token + "A")).isNull();
        assertThat(service.issuance.list(Filter.ALL, 1, "?")).isNull();
        assertThat(service.issuance.list(Filter.ALL, 1, token)).isNotNull();
    }

    @Test
    void aRevocationIsRememberedPastTheCertificatesLifeWithItsFirstReason() {
        IssuedCertificate newest = issued.get(11);
        var first = get(service.issuance.revoke(newest.id(), newest.partition(), "lost"));
        service.clock.move(Duration.ofDays(1));
        service = service.restart(folder);

        assertThat(get(service.issuance.revoke(newest.id(), newest.partition(), "stolen"))).isEqualTo(first);
        CertificateStatus status = Objects.requireNonNull(service.issuance.get(newest.id(), newest.partition()));
        assertThat(status.state()).isEqualTo(CertificateState.REVOKED);
        assertThat(status.revokedAt()).isEqualTo(TestService.START.plus(Duration.ofHours(2)));
    }

    @Test
    void aRevokedAnchorShowsInItsCertificatesButNotInThoseThatWereOver() {
        get(service.trust.revokeAnchor(new RevokeAnchor(service.trust.own().anchorId(), "leaked")));

        assertThat(
                Objects.requireNonNull(service.issuance.get(issued.get(11).id(), issued.get(11).partition())).state())
                .isEqualTo(CertificateState.REVOKED);
        assertThat(Objects.requireNonNull(service.issuance.get(issued.get(0).id(), issued.get(0).partition())).state())
                .isEqualTo(CertificateState.EXPIRED);
    }

    @Test
    void whatIsNotThereIsNotRevoked() {
        IssuedCertificate newest = issued.get(11);
        PartitionId other = new PartitionId(3 - newest.partition().number());

        assertThat(get(service.issuance.revoke(newest.id(), other, "lost"))).isEqualTo(new Issuance.NotFound());
        assertThat(get(service.issuance.revoke(newest.id(), newest.partition(), "")))
                .isEqualTo(new Issuance.ReasonMissing());
        assertThat(service.trust.current().isRevoked(newest.id())).isFalse();
    }
}
