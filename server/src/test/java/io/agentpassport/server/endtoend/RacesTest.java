package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.server.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen once happens once, also when 64 ask for it at the same time, over eight connections. */
class RacesTest {

    private static final int RACERS = 64;
    private static final int CONNECTIONS = 8;

    @AutoClose
    private TestServer service;

    private List<PassportClient> clients;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        clients = IntStream.range(0, CONNECTIONS).mapToObj(i -> service.anyone()).toList();
        // Connected before the race, so that it is one.
        clients.forEach(client -> client.trust().introduce());
    }

    /** One racer's turn, on its connection. */
    private interface Turn {
        String on(PassportClient client, int racer);
    }

    @Test
    void ofRacingAttestsOnOneChallengeExactlyOneGetsASession() throws Exception {
        AgentIdentity agent = service.agent("agent:racer");
        HandshakeSteps steps = HandshakeSteps.begin(clients.get(0).handshakeCalls(), agent);
        // Each attest is another document, and each is good.
        List<Attest> attests = IntStream.range(0, RACERS)
                .mapToObj(i -> steps.attest(agent.key().signer(), HandshakeSteps.now() + i))
                .toList();

        List<String> outcomes = race((client, racer) -> {
            Attest own = attests.get(racer);
            SessionRecord won = client.handshakeCalls().attest(own, steps.proof(own));
            return "session " + won.state();
        });

        assertThat(Collections.frequency(outcomes, "session active")).as("%s", outcomes).isEqualTo(1);
        assertThat(Collections.frequency(outcomes, "replay_detected (challenge_consumed)")).as("%s", outcomes)
                .isEqualTo(RACERS - 1);
        assertThat(service.admin().sessions().list("agent:racer", null).items()).hasSize(1);
    }

    @Test
    void ofRacingUsesOfOneJoinTokenExactlyOneGetsACertificate() throws Exception {
        JoinToken token = service.admin()
                .certificates()
                .createJoinToken(Role.AGENT, "agent:joiner", null, EnrolmentTerms.of("somebody"), null);
        List<AgentKey> keys = IntStream.range(0, RACERS)
                .mapToObj(i -> AgentKey.generate(TestServer.NONCES))
                .toList();

        List<String> outcomes = race((client, racer) -> {
            AgentIdentity won = client.certificates()
                    .enrol(token, keys.get(racer), Subject.agent("agent:joiner", "agent:joiner"));
            return "certificate of " + won.binding();
        });

        assertThat(Collections.frequency(outcomes, "certificate of agent:joiner")).as("%s", outcomes).isEqualTo(1);
        assertThat(Collections.frequency(outcomes, "JOIN_TOKEN_INVALID")).as("%s", outcomes).isEqualTo(RACERS - 1);
        assertThat(service.admin().certificates().list("agent:joiner", null).items()).hasSize(1);
    }

    /** Everybody at once; the outcomes as words: what was won, or why not. */
    private List<String> race(Turn turn) throws Exception {
        var together = new CyclicBarrier(RACERS);
        try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
            var running = new ArrayList<Future<String>>();
            for (int i = 0; i < RACERS; i++) {
                int racer = i;
                running.add(racers.submit(() -> {
                    together.await(60, TimeUnit.SECONDS);
                    return outcome(turn, racer);
                }));
            }
            var outcomes = new ArrayList<String>();
            for (Future<String> run : running) {
                outcomes.add(run.get(60, TimeUnit.SECONDS));
            }
            return outcomes;
        }
    }

    private String outcome(Turn turn, int racer) {
        try {
            return turn.on(clients.get(racer % CONNECTIONS), racer);
        } catch (PassportException e) {
            return e.failure() != null
                    ? e.failure().toString()
                    : e.errorReason() != null ? e.errorReason().name() : String.valueOf(e.getMessage());
        }
    }
}
