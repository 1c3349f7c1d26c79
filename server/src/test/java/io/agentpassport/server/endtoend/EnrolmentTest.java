package io.agentpassport.server.endtoend;

import static io.agentpassport.server.endtoend.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.RenewingIdentity;
import io.agentpassport.client.ServiceIntroduction;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents get certificates, keep them alive, and lose them. */
class EnrolmentTest {

    @TempDir
    Path folder;

    private TestServer service;
    private PassportClient admin;
    private PassportClient client;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @BeforeEach
    void start() {
        service = TestServer.start(folder);
        admin = service.admin();
        client = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .clock(() -> Instant.now().plus(ahead.get()))
                .deadline(Duration.ofSeconds(30))
                .open();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        service.close();
    }

    @Test
    void whatAnAdminVouchesForIsInTheCertificate() {
        var terms = new EnrolmentTerms("Shop Ltd", 2, List.of("orders:read", "orders:write"), Duration.ofHours(2),
                Instant.now().plus(Duration.ofDays(7)));
        JoinToken token = admin.certificates().createJoinToken(Role.AGENT, "agent:buyer", "buyer-1", terms, null);

        AgentIdentity buyer = client.certificates()
                .enrol(token, key(), new Subject(Role.AGENT, "buyer-1", "agent:buyer", Subject.VERSIONS));

        var certificate = buyer.certificate().certificate().json();
        assertThat(certificate.string("subject_id")).isEqualTo("buyer-1");
        assertThat(certificate.string("binding")).isEqualTo("agent:buyer");
        assertThat(certificate.number("attestation_grade")).isEqualTo(2);
        assertThat(certificate.strings("capabilities")).containsExactly("orders:read", "orders:write");
        CertificateRecord kept = admin.certificates().get(buyer.certificateId().text(), buyer.partition());
        assertThat(kept.state()).isEqualTo("active");
        assertThat(kept.principal()).isEqualTo("Shop Ltd");
        assertThat(Duration.between(Instant.now(), Instant.ofEpochMilli((long) buyer.certificate().notAfterMillis())))
                .isBetween(Duration.ofMinutes(115), Duration.ofMinutes(121));
    }

    @Test
    void anAdminIssuesToASystemDirectly() {
        ServiceIntroduction introduction = admin.trust().introduce();

        AgentIdentity shop = admin.certificates()
                .issue(EnrolmentTerms.of("Shop Ltd"), key(), Subject.informationSystem("shop", "mcp://shop.example"),
                        introduction.audience(), introduction.publisher());

        assertThat(shop.certificate().role()).isEqualTo(Role.INFORMATION_SYSTEM);
        assertThat(admin.certificates().list("mcp://shop.example", null).items()).extracting(CertificateRecord::id)
                .containsExactly(shop.certificateId().text());
    }

    @Test
    void aJoinTokenServesOnceForWhomItIsAndInTime() {
        JoinToken token = token("agent:token");
        var wrongSecret = new JoinToken(token.id() + "." + "0".repeat(64), token.audience(), token.publisher());
        assertThat(refused(() -> enrol(wrongSecret, "agent:token"))).isEqualTo(ErrorReason.JOIN_TOKEN_INVALID);
        assertThat(refused(() -> enrol(token, "agent:somebody-else"))).isEqualTo(ErrorReason.JOIN_TOKEN_MISMATCH);
        AgentIdentity agent = enrol(token, "agent:token");
        assertThat(refused(() -> enrol(token, "agent:token"))).isEqualTo(ErrorReason.JOIN_TOKEN_INVALID);
        assertThat(admin.certificates().list("agent:token", null).items()).extracting(CertificateRecord::id)
                .containsExactly(agent.certificateId().text());

        JoinToken late = token("agent:late");
        move(Duration.ofSeconds(601));
        assertThat(refused(() -> enrol(late, "agent:late"))).isEqualTo(ErrorReason.JOIN_TOKEN_INVALID);
    }

    @Test
    void aJoinTokenOfAnotherServiceIsNotSentAndSoNotUsedUp() {
        JoinToken token = token("agent:lost");
        var otherName = new JoinToken(token.text(), "passport://elsewhere", token.publisher());
        var otherKey = new JoinToken(token.text(), token.audience(), key().publicKey());

        for (JoinToken elsewhere : List.of(otherName, otherKey)) {
            PassportException e = Refusals.of(() -> enrol(elsewhere, "agent:lost"));
            assertThat(e.reason()).isEqualTo(PassportException.Reason.PROTOCOL_VIOLATION);
            assertThat(e).hasMessageContaining("another service").hasMessageContaining("was not sent");
        }
        assertThat(admin.certificates().list("agent:lost", null).items()).isEmpty();
        assertThat(enrol(token, "agent:lost").binding()).isEqualTo("agent:lost");
    }

    @Test
    void anIdentityIsRenewedAtTwoThirdsOfItsLife() {
        var terms = new EnrolmentTerms("Shop Ltd", null, null, Duration.ofHours(1),
                Instant.now().plus(Duration.ofDays(1)));
        JoinToken token = admin.certificates().createJoinToken(Role.AGENT, "agent:renewed", null, terms, null);
        AgentIdentity first = enrol(token, "agent:renewed");
        var told = new ArrayList<AgentIdentity>();
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, told::add)) {
            move(Duration.ofMinutes(39));
            assertThat(kept.renewIfDue()).isFalse();
            assertThat(kept.current()).isSameAs(first);

            move(Duration.ofMinutes(2));
            assertThat(kept.renewIfDue()).isTrue();

            AgentIdentity second = kept.current();
            assertThat(told).containsExactly(second);
            assertThat(second.certificateId()).isNotEqualTo(first.certificateId());
            assertThat(second.binding()).isEqualTo(first.binding());
            assertThat(second.key().publicKey()).isEqualTo(first.key().publicKey());
            assertThat(second.certificate().notAfterMillis()).isGreaterThan(first.certificate().notAfterMillis());
            assertThat(kept.renewIfDue()).isFalse();
            assertThat(Handshake.with(client, second).run().get().state()).isEqualTo("active");
        }
    }

    @Test
    void whatIsExpiredRevokedOrNotRenewableIsNotRenewed() {
        AgentIdentity never = enrol(token("agent:never"), "agent:never");
        assertThat(Refusals.of(() -> client.certificates().renew(never)).metadata()).containsEntry("cause",
                "renew_until");

        var terms = new EnrolmentTerms("Shop Ltd", null, null, Duration.ofHours(1),
                Instant.now().plus(Duration.ofDays(1)));
        AgentIdentity revoked = enrol(
                admin.certificates().createJoinToken(Role.AGENT, "agent:revoked", null, terms, null), "agent:revoked");
        AgentIdentity expired = enrol(
                admin.certificates().createJoinToken(Role.AGENT, "agent:expired", null, terms, null), "agent:expired");
        admin.certificates().revoke(revoked.certificateId().text(), revoked.partition(), "key lost");
        assertThat(Refusals.of(() -> client.certificates().renew(revoked)).metadata()).containsEntry("cause",
                "revoked");
        move(Duration.ofHours(2));
        assertThat(Refusals.of(() -> client.certificates().renew(expired)).metadata()).containsEntry("cause",
                "expired");
    }

    @Test
    void anExpiredCertificateAuthenticatesNobody() {
        AgentIdentity agent = enrol(token("agent:old"), "agent:old");
        move(Duration.ofHours(2));

        assertThat(Refusals.unauthenticated(() -> Handshake.with(client, agent).run()))
                .isEqualTo("expired_certificate");
        assertThat(admin.certificates().get(agent.certificateId().text(), agent.partition()).state())
                .isEqualTo("expired");
    }

    @Test
    void certificatesAreListedPageByPage() {
        for (int i = 0; i < 53; i++) {
            AgentIdentity unused = enrol(token("agent:many-" + i), "agent:many-" + i);
        }

        var seen = new ArrayList<String>();
        String token = null;
        do {
            var page = admin.certificates().list(null, token);
            page.items().forEach(certificate -> seen.add(certificate.binding()));
            token = page.nextToken();
        } while (token != null);

        assertThat(seen).doesNotHaveDuplicates()
                .hasSize(54)
                .contains("agent:many-0", "agent:many-52",
                        "passport://localhost");
    }

    /** Moves both clocks: the service's and the client's. */
    private void move(Duration by) {
        service.advance(by);
        ahead.updateAndGet(before -> before.plus(by));
    }

    private JoinToken token(String binding) {
        return admin.certificates().createJoinToken(Role.AGENT, binding, null, EnrolmentTerms.of("somebody"), null);
    }

    private AgentIdentity enrol(JoinToken token, String binding) {
        return client.certificates().enrol(token, key(), Subject.agent(binding, binding));
    }

    private static AgentKey key() {
        return AgentKey.generate(TestServer.NONCES);
    }
}
