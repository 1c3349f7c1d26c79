package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.RenewingIdentity;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When an identity that keeps itself alive asks for its next certificate. */
class RenewalScheduleTest {

    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final MutableClock clock = new MutableClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private final AtomicReference<Duration> skew = new AtomicReference<>(Duration.ZERO);
    private final HandDrivenSchedule schedule = new HandDrivenSchedule();
    private final List<AgentIdentity> told = new ArrayList<>();

    private TestServer service;
    private PassportClient client;
    private AgentIdentity first;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder, clock);
        client = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .clock(() -> clock.instant().plus(skew.get()))
                .deadline(Duration.ofSeconds(30))
                .open();
        var terms = new EnrolmentTerms("Shop Ltd", null, null, LIFE, clock.instant().plus(Duration.ofDays(1)));
        JoinToken token;
        try (PassportClient admin = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), service.data().adminKey())
                .deadline(Duration.ofSeconds(30))
                .open()) {
            token = admin.certificates().createJoinToken(Role.AGENT, "agent:kept", null, terms, null);
        }
        first = client.certificates()
                .enrol(token, AgentKey.generate(TestServer.NONCES), Subject.agent("agent:kept", "agent:kept"));
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    @Test
    void itIsRenewedAtTwoThirdsOfEachLife() {
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, told::add, schedule)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(schedule.waits()).containsExactly(Duration.ofMinutes(40));
                clock.move(Duration.ofMinutes(40));
                schedule.runNext();
                assertThat(told).hasSize(i);
                assertThat(kept.current()).isSameAs(told.get(i - 1));
            }
        }
    }

    @Test
    void whatRunsTooEarlyWaitsAgain() {
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, told::add, schedule)) {
            clock.move(Duration.ofMinutes(30));
            schedule.runNext();

            assertThat(schedule.waits()).containsExactly(Duration.ofMinutes(10));
            assertThat(kept.current()).isSameAs(first);
        }
    }

    @Test
    void afterAFailureItIsTriedEveryMinuteUntilItSucceeds() {
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, told::add, schedule)) {
            clock.move(Duration.ofMinutes(40));
            skew.set(Duration.ofMinutes(2)); // for which the service refuses the proof
            for (int i = 0; i < 3; i++) {
                schedule.runNext();
                assertThat(schedule.waits()).containsExactly(RETRY);
                clock.move(RETRY);
            }
            assertThat(told).isEmpty();
            skew.set(Duration.ZERO);

            schedule.runNext();

            assertThat(schedule.waits()).containsExactly(Duration.ofMinutes(40));
            assertThat(told).containsExactly(kept.current());
        }
    }

    @Test
    void aListenerThatThrowsDoesNotEndIt() {
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, identity -> {
            throw new IllegalStateException("the disk is full");
        }, schedule)) {
            clock.move(Duration.ofMinutes(40));
            schedule.runNext();
            assertThat(schedule.waits()).containsExactly(RETRY);
            assertThat(kept.current().certificateId()).isNotEqualTo(first.certificateId());

            clock.move(RETRY);
            schedule.runNext();
            assertThat(schedule.waits()).containsExactly(Duration.ofMinutes(39));
        }
    }

    @Test
    void itIsGivenUpWhenTheCertificateIsOver() {
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, told::add, schedule)) {
            clock.move(LIFE.plusMillis(1));
            schedule.runNext();

            assertThat(schedule.waits()).isEmpty();
            assertThat(told).isEmpty();
            assertThat(kept.current()).isSameAs(first);
        }
    }

    @Test
    void whatIsClosedIsRenewedNoMoreAndLeavesTheScheduleToItsOwner() {
        RenewingIdentity.keep(client, first, told::add, schedule).close();

        assertThat(schedule.waits()).isEmpty();
        assertThat(schedule.isShutdown()).isFalse();
    }

    @Test
    void aScheduleThatEndedMattersToNobody() {
        schedule.shutdown();
        try (RenewingIdentity kept = RenewingIdentity.keep(client, first, told::add, schedule)) {
            assertThat(kept.current()).isSameAs(first);
        }
    }
}
