package io.agentpassport.server.trust;

import static io.agentpassport.server.TestService.get;
import static io.agentpassport.server.TestService.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.TrustAnchors.Reason;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.server.MixedOrderKey;
import io.agentpassport.server.TestService;
import io.agentpassport.server.issuance.IssuedCertificate;
import io.agentpassport.server.trust.AddPublisher.Added;
import io.agentpassport.server.trust.ImportBundle.Imported;
import io.agentpassport.server.trust.ImportBundle.Invalid;
import io.agentpassport.server.trust.ImportBundle.Rollback;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {

    @TempDir
    Path folder;

    private final TestPublisher acme = TestPublisher.of(500, "acme.example");
    private final TestPublisher umbrella = TestPublisher.of(600, "umbrella.example");

    @AutoClose
    private TestService service;

    @BeforeEach
    void open() {
        service = TestService.open(folder);
    }

    private Instant now() {
        return service.clock.instant();
    }

    private AddPublisher.Outcome add(TestPublisher publisher, String... allowed) {
        return get(service.trust.addPublisher(new AddPublisher(publisher.key(), publisher.domain(), List.of(allowed))));
    }

    private ImportBundle.Outcome take(byte[] bundle) {
        return get(service.trust.importBundle(bundle));
    }

    private RemovePublisher.Outcome remove(String requestId, TestPublisher publisher) {
        return get(service.trust.removePublisher(new RemovePublisher(requestId, publisher.key())));
    }

    /** Why the certificate is not trusted now, null when it is. */
    private @Nullable Reason distrust(VerifiedCertificate certificate) {
        return switch (service.trust.current().anchors().checkAt(certificate, (double) now().toEpochMilli())) {
            case TrustAnchors.Trusted trusted -> null;
            case TrustAnchors.Untrusted untrusted -> untrusted.reason();
        };
    }

    private static VerifiedCertificate verified(IssuedCertificate issued) {
        return ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(issued.certificate())).certificate();
    }

    @Test
    void aPublishersCertificatesAreTrustedUntilItsBundleShouldHaveBeenRefreshed() {
        add(acme);
        assertThat(distrust(acme.certificate("agent:x"))).isEqualTo(Reason.UNKNOWN_ISSUER);

        assertThat(take(acme.bundle(now()))).isInstanceOf(Imported.class);

        assertThat(distrust(acme.certificate("agent:x"))).isNull();
        assertThat(service.trust.current().issuerDomainOf(acme.issuingKey().publicKey())).isEqualTo("acme.example");
        service.clock.move(TestPublisher.BUNDLE_LIFE);
        assertThat(distrust(acme.certificate("agent:x"))).isNull();
        service.clock.move(Duration.ofMillis(1));
        assertThat(distrust(acme.certificate("agent:x"))).isEqualTo(Reason.UNKNOWN_ISSUER);
        assertThat(service.trust.current().knownAnchors()).last()
                .satisfies(anchor -> assertThat(anchor.state(now())).isEqualTo(TrustAnchorState.STALE));
    }

    @Test
    void aPublisherSpeaksOnlyForTheBindingsItIsAllowed() {
        add(acme, "agent:a*");
        take(acme.bundle(now()));

        assertThat(distrust(acme.certificate("agent:abc"))).isNull();
        assertThat(distrust(acme.certificate("agent:b"))).isEqualTo(Reason.BINDING_MISMATCH);
    }

    @Test
    void anOlderBundleIsRefusedAlsoAfterARestartAndAfterThePublisherWasAddedAgain() {
        add(acme);
        byte[] older = acme.bundle(now());
        service.clock.move(Duration.ofMinutes(1));
        byte[] newer = acme.bundle(now());
        byte[] sameInstant = acme.bundle(now(), List.of(), List.of(), List.of());
        assertThat(take(newer)).isEqualTo(new Imported(only(acme), bundle(acme), true));

        assertThat(take(older)).isInstanceOf(Rollback.class);
        assertThat(take(sameInstant)).isInstanceOf(Rollback.class);
        assertThat(take(newer)).isEqualTo(new Imported(only(acme), bundle(acme), false));
        service = service.restart(folder);
        assertThat(take(older)).isInstanceOf(Rollback.class);
        assertThat(distrust(acme.certificate("agent:x"))).isNull();

        remove("r1", acme);
        assertThat(distrust(acme.certificate("agent:x"))).isEqualTo(Reason.UNKNOWN_ISSUER);
        service = service.restart(folder);
        add(acme);
        assertThat(take(older)).isInstanceOf(Rollback.class);
        assertThat(take(sameInstant)).isInstanceOf(Rollback.class);
        assertThat(((Imported) take(newer)).changed()).isTrue();
        assertThat(distrust(acme.certificate("agent:x"))).isNull();
    }

    private Publisher only(TestPublisher publisher) {
        Publisher known = service.trust.current().publisherOf(publisher.key());
        assertThat(known).isNotNull();
        return Objects.requireNonNull(known);
    }

    private BundleInForce bundle(TestPublisher publisher) {
        return Objects.requireNonNull(service.trust.current().bundleOf(publisher.key()));
    }

    @Test
    void twoPublishersCannotListOneKey() {
        add(acme);
        add(umbrella);
        take(acme.bundle(now()));
        TrustAnchor taken = umbrella.anchor(acme.issuingKey().publicKey(), "stolen", List.of());
        TrustAnchor ours = umbrella.anchor(service.keys.issuing().publicKey(), "ours", List.of());

        assertThat(take(umbrella.bundle(now(), List.of(taken), List.of("stolen"), List.of())))
                .isEqualTo(new ImportBundle.AnchorConflict("stolen", acme.key()));
        assertThat(take(umbrella.bundle(now(), List.of(ours), List.of("ours"), List.of())))
                .isEqualTo(new ImportBundle.AnchorConflict("ours", service.keys.bundle().publicKey()));
        assertThat(distrust(acme.certificate("agent:x"))).isNull();
    }

    @Test
    void ofTwoPublishersThatRaceToListOneKeyExactlyOneDoes() {
        for (int round = 0; round < 20; round++) {
            TestPublisher first = TestPublisher.of(10_000 + 10 * round, "first" + round);
            TestPublisher second = TestPublisher.of(20_000 + 10 * round, "second" + round);
            add(first);
            add(second);
            TrustAnchor key = first.anchor(signer(30_000 + round).publicKey(), "one", List.of());
            var one = service.trust.importBundle(first.bundle(now(), List.of(key), List.of(), List.of()));
            var other = service.trust.importBundle(second.bundle(now(), List.of(key), List.of(), List.of()));

            assertThat(List.of(get(one), get(other))).filteredOn(Imported.class::isInstance).hasSize(1);
            remove("a" + round, first);
            remove("b" + round, second);
        }
    }

    @Test
    void aPublishersRevocationsReachOnlyItsOwn() {
        IssuedCertificate ours = service.certificate(signer(1), "agent:a");
        add(acme);
        add(umbrella);
        take(umbrella.bundle(now()));
        VerifiedCertificate theirs = acme.certificate("agent:x");
        TrustAnchor anchor = acme.anchor(acme.issuingKey().publicKey(), "anchor", List.of());
        List<String> anchorIds = List.of(service.trust.own().anchorId(), "other");
        List<String> certificates = new ArrayList<>(List.of(ours.id().text(), theirs.id().text(),
                umbrella.certificate("agent:u").id().text()));
        Collections.sort(certificates);

        take(acme.bundle(now(), List.of(anchor), anchorIds, certificates));

        assertThat(distrust(verified(ours))).isNull();
        assertThat(service.trust.current().isRevoked(ours.id())).isFalse();
        assertThat(distrust(umbrella.certificate("agent:u"))).isNull();
        assertThat(distrust(theirs)).isEqualTo(Reason.REVOKED_CERTIFICATE);
        assertThat(distrust(acme.certificate("agent:y"))).isNull();
    }

    @Test
    void aBundleThatIsNotToBeBelievedIsRefusedWithItsReason() {
        byte[] good = acme.bundle(now());
        assertThat(take(good)).isEqualTo(new Invalid(TrustBundle.Invalid.UNTRUSTED_PUBLISHER));
        add(acme);
        String forged = new String(good, StandardCharsets.UTF_8).replace("acme.example", "evil.example");
        assertThat(take(forged.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Invalid(TrustBundle.Invalid.SIGNATURE_INVALID));
        assertThat(take("{".getBytes(StandardCharsets.UTF_8))).isInstanceOf(ImportBundle.Malformed.class);
        assertThat(take(acme.bundle(now().plusMillis(1)))).isEqualTo(new Invalid(TrustBundle.Invalid.NOT_YET_VALID));
        assertThat(take(acme.bundle(now().minus(TestPublisher.BUNDLE_LIFE).minusMillis(1))))
                .isEqualTo(new Invalid(TrustBundle.Invalid.BUNDLE_EXPIRED));
        assertThat(take(bundle(service.keys.bundle().publicKey()).bytes())).isInstanceOf(Imported.class);
        assertThat(take(good)).isInstanceOf(Imported.class);
    }

    private BundleInForce bundle(PublicKey publisher) {
        return Objects.requireNonNull(service.trust.current().bundleOf(publisher));
    }

    @Test
    void keysOutsideThePrimeOrderSubgroupAreRefused() {
        PublicKey twin = MixedOrderKey.of(acme.key());
        assertThat(get(service.trust.addPublisher(new AddPublisher(twin, "twin", List.of()))))
                .isEqualTo(new AddPublisher.WeakKey());
        add(acme);
        TrustAnchor weak = acme.anchor(MixedOrderKey.of(acme.issuingKey().publicKey()), "weak", List.of());
        assertThat(take(acme.bundle(now(), List.of(weak), List.of(), List.of())))
                .isEqualTo(new ImportBundle.WeakAnchorKey("weak"));
    }

    @Test
    void aKeyAndADomainStandForOnePublisher() {
        Publisher added = ((Added) add(acme, "a*")).publisher();
        service.clock.move(Duration.ofMinutes(1));

        assertThat(add(acme, "a*")).isEqualTo(new Added(added));
        assertThat(add(acme)).isEqualTo(new AddPublisher.Conflict(added));
        assertThat(add(TestPublisher.of(700, "acme.example"))).isEqualTo(new AddPublisher.Conflict(added));
        assertThat(add(TestPublisher.of(700, "Acme.example"))).isEqualTo(new AddPublisher.Conflict(added));
        assertThat(add(TestPublisher.of(700, TestService.DOMAIN))).isInstanceOf(AddPublisher.Conflict.class);
        assertThat(service.trust.current().publishers()).hasSize(2).first().matches(Publisher::own);
    }

    @Test
    void removingAPublisherCanBeRepeatedWithItsRequestId() {
        Publisher added = ((Added) add(acme)).publisher();
        add(umbrella);

        assertThat(remove("r1", acme)).isEqualTo(new RemovePublisher.Removed(added));
        assertThat(remove("r1", acme)).isEqualTo(new RemovePublisher.Removed(added));
        assertThat(remove("r1", umbrella)).isEqualTo(new RemovePublisher.RequestIdReused());
        assertThat(remove("r2", acme)).isEqualTo(new RemovePublisher.NotFound());
        assertThat(get(service.trust.removePublisher(
                new RemovePublisher("r3", service.keys.bundle().publicKey())))).isEqualTo(new RemovePublisher.IsOwn());
    }

    @Test
    void moreThanTheLimitIsRefused() {
        service.close();
        TrustLimits two = new TrustLimits(2, 1, 1, 1, 1, 1, Duration.ofHours(24), Duration.ofHours(12),
                Duration.ofSeconds(30));
        service = TestService.open(folder, service.clock, service.keys, two, 1);

        assertThat(add(acme, "a", "b")).isInstanceOf(AddPublisher.Unacceptable.class);
        assertThat(add(acme, "a")).isInstanceOf(Added.class);
        assertThat(add(umbrella)).isInstanceOf(AddPublisher.Unacceptable.class);
        TrustAnchor one = acme.anchor(signer(1).publicKey(), "1", List.of());
        TrustAnchor another = acme.anchor(signer(2).publicKey(), "2", List.of());
        assertThat(take(acme.bundle(now(), List.of(one, another), List.of(), List.of())))
                .isInstanceOf(ImportBundle.TooMuch.class);
        assertThat(take(acme.bundle(now(), List.of(one), List.of(), List.of()))).isInstanceOf(Imported.class);
    }
}
