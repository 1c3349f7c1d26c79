package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is set, forward and back: nothing is issued, attested or called by a time that is not to be believed. */
class ClockTest {

    private static final Duration FAR = Duration.ofSeconds(61);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final String LIMITED = """
            {"version":"1","tools":{"echo":{"limits":[{"counter":"echoes","window":"day","max":2}]}}}
            """;

    @TempDir
    Path folder;

    private final MutableClock clock = new MutableClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));

    /** The word of an echo that is asked for at the service's time. */
    private static String echo(TestServer service, AuthenticatedSession session, Instant now) {
        return new SentCall(service.channel(null), session, now).send().word();
    }

    /** Refused, whoever asks, but for admins who look and revoke. */
    private void assertRefuses(TestServer service, AgentIdentity alice, AuthenticatedSession session) {
        assertThat(echo(service, session, clock.instant())).isEqualTo("CLOCK_UNTRUSTED");
        assertThat(Refusals.refused(() -> service.session(alice))).isEqualTo(ErrorReason.CLOCK_UNTRUSTED);
        assertThat(Refusals.refused(() -> service.agent("agent:new"))).isEqualTo(ErrorReason.CLOCK_UNTRUSTED);
        assertThat(Refusals.refused(() -> service.anyone().certificates().renew(alice)))
                .isEqualTo(ErrorReason.CLOCK_UNTRUSTED);
        assertThat(service.admin().certificates().list(null, null).items()).isNotEmpty();
        assertThat(service.anyone().trustBundles().get()).isNotNull();
    }

    private static void revoke(TestServer service, String binding) {
        for (CertificateRecord record : service.admin().certificates().list(binding, null).items()) {
            service.admin().certificates().revoke(record.certificateId(), record.partition(), "lost");
        }
    }

    private static void allow(TestServer service, String binding) {
        service.gateway().policy("limited", LIMITED);
        service.gateway().grant(binding, service.gateway().terms("limited", null, "builtin/*"));
    }

    @Test
    void setForwardItIsNotBelievedUntilItIsRightAgain() {
        try (TestServer service = TestServer.start(folder, clock)) {
            allow(service, "agent:alice");
            AgentIdentity alice = service.agent("agent:alice");
            AuthenticatedSession session = service.session(alice);
            service.setClock(FAR);

            assertRefuses(service, alice, session);
            revoke(service, "agent:none");
            service.setClock(FAR.negated());
            assertThat(echo(service, session, clock.instant())).isEqualTo("ALLOWED");
        }
    }

    @Test
    void setBackItIsNotBelievedUntilItIsRightAgain() {
        try (TestServer service = TestServer.start(folder, clock)) {
            allow(service, "agent:alice");
            AgentIdentity alice = service.agent("agent:alice");
            AuthenticatedSession session = service.session(alice);
            service.setClock(FAR.negated());

            assertRefuses(service, alice, session);
            service.setClock(FAR);
            assertThat(echo(service, session, clock.instant())).isEqualTo("ALLOWED");
        }
    }

    @Test
    void anOpenStreamOfCallsIsRefusedToo() {
        try (TestServer service = TestServer.start(folder, clock)) {
            allow(service, "agent:alice");
            AuthenticatedSession session = service.session(service.agent("agent:alice"));
            try (var stream = session.tools().stream()) {
                service.setClock(FAR);
            }
        }
    }

    @Test
    void aTimeThatWasWrongIsTakenBackByRepairAndTheLogTellsOfIt() {
        String data = folder.resolve("data").toString();
        try (TestServer service = TestServer.start(folder, clock)) {
            allow(service, "agent:alice");
        }
        clock.move(YEAR);
        try (TestServer service = TestServer.start(folder, clock)) {
            service.gateway().grant("agent:alice", service.gateway().terms("limited", null, "builtin/*"));
            AuthenticatedSession session = service.session(service.agent("agent:alice"));
            assertThat(echo(service, session, clock.instant())).isEqualTo("ALLOWED");
            assertThat(echo(service, session, clock.instant())).isEqualTo("ALLOWED");
        }
        clock.move(YEAR.negated());
        try (TestServer service = TestServer.start(folder, clock)) {
            assertThat(Refusals.refused(() -> service.agent("agent:bob"))).isEqualTo(ErrorReason.CLOCK_UNTRUSTED);
        }

        assertThat(Cli.at(clock).run("repair --clock", "--data", data).ok().out()).contains("lowered to");
        assertThat(Cli.at(clock).run("repair --clock", "--data", data).ok().out()).doesNotContain("lowered to");

        try (TestServer service = TestServer.start(folder, clock)) {
            AuthenticatedSession alice = service.session(service.agent("agent:alice"));
            // Both uses count, and end as usual.
            assertThat(echo(service, alice, clock.instant())).isEqualTo("LIMIT");
            service.advance(Duration.ofDays(1));
        }
        Cli.alone().run("audit verify", "--data", data).ok();
        for (String partition : new String[]{"0000", "0001"}) {
            assertThat(Cli.alone().run("audit export", "--data", data, "--partition", partition).ok().out())
                    .containsOnlyOnce("\"kind\":\"clock_lowered\"");
        }
    }
}
