package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolCallStream;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is set, forward and back: nothing is issued, attested or called by a time that is not to be believed. */
class ClockTest {

    private static final Duration FAR = Duration.ofMinutes(5);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final ToolRequest ECHO = ToolRequest.of("echo", JsonObject.EMPTY);
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
        refuses(() -> service.session(alice));
        refuses(() -> service.agent("agent:new"));
        refuses(() -> service.anyone().certificates().renew(alice));
        assertThat(service.admin().certificates().list(null, null).items()).isNotEmpty();
        assertThat(service.anyone().trust().introduce()).isNotNull();
    }

    private static void refuses(ThrowingCallable call) {
        assertThat(Refusals.of(call).errorReason()).isEqualTo(ErrorReason.CLOCK_UNTRUSTED);
    }

    private static void revoke(TestServer service, String binding) {
        for (CertificateRecord record : service.admin().certificates().list(binding, null).items()) {
            service.admin().certificates().revoke(record.id(), record.partition(), "lost");
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
            ToolGateway gateway = session.tools();
            try (ToolCallStream stream = gateway.open()) {
                assertThat(stream.call(ECHO).join()).isInstanceOf(ToolCallAnswer.Completed.class);
                service.setClock(FAR);
                assertThatThrownBy(() -> stream.call(ECHO).join()).hasMessageContaining("does not believe its clock");
            }
        }
    }

    @Test
    void anOperatorConfirmsATimeThatItsOwnClockShowsToo() {
        try (TestServer service = TestServer.start(folder, clock)) {
            allow(service, "agent:alice");
            AuthenticatedSession session = service.session(service.agent("agent:alice"));
            service.setClock(FAR);

            Cli.talkingTo(service).ahead(FAR.multipliedBy(3)).run("clock confirm").unusable("set right the one");
            assertThat(echo(service, session, clock.instant())).isEqualTo("CLOCK_UNTRUSTED");
            Cli.talkingTo(service).ahead(FAR).run("clock confirm").ok();
            assertThat(echo(service, session, clock.instant().plus(FAR))).isEqualTo("ALLOWED");
        }
        assertThat(Cli.alone()
                .run("audit export", "--data", folder.resolve("data").toString(), "--partition", "0000")
                .ok()
                .out()).containsOnlyOnce("\"kind\":\"clock_confirmed\"");
    }

    @Test
    void oneThatWasAheadAtTheVeryFirstStartIsTakenBackToo() {
        clock.move(YEAR);
        try (TestServer service = TestServer.start(folder, clock)) {
            assertThat(service.admin().certificates().list(null, null).items()).isNotEmpty();
        }
        clock.move(YEAR.negated());
        Cli.alone().run("repair --clock", "--data", folder.resolve("data").toString()).ok();

        try (TestServer service = TestServer.start(folder, clock)) {
            assertThat(service.session(service.agent("agent:alice"))).isNotNull();
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
            refuses(() -> service.agent("agent:bob"));
        }

        assertThat(Cli.alone().run("repair --clock", "--data", data).ok().out()).contains("lowered to");
        assertThat(Cli.alone().run("repair --clock", "--data", data).ok().out()).doesNotContain("lowered to");

        try (TestServer service = TestServer.start(folder, clock)) {
            AuthenticatedSession alice = service.session(service.agent("agent:alice"));
            // Both uses count, and end as usual: next year is not waited for.
            assertThat(echo(service, alice, clock.instant())).isEqualTo("LIMIT");
        }
        clock.move(Duration.ofDays(1));
        try (TestServer service = TestServer.start(folder, clock)) {
            AuthenticatedSession alice = service.session(service.agent("agent:alice"));
            assertThat(echo(service, alice, clock.instant())).isEqualTo("ALLOWED");
        }
        Cli.alone().run("audit verify", "--data", data).ok();
        for (String partition : List.of("0000", "0001")) {
            assertThat(Cli.alone().run("audit export", "--data", data, "--partition", partition).ok().out())
                    .containsOnlyOnce("\"kind\":\"clock_lowered\"");
        }
    }
}
