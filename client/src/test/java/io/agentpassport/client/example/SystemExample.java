package io.agentpassport.client.example;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Responder;
import io.agentpassport.client.TrustFollower;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.signing.SignedStatement;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The README's system. */
final class SystemExample {

    private SystemExample() {}

    static void run(PassportClient client, AgentIdentity shop, Attest attest, SignedStatement sessionProof,
            BiConsumer<String, Session> serve, Consumer<String> log) {
        // README: SystemExample
        TrustFollower trust = client.trust().follow(shop.publisher()).await(Duration.ofSeconds(10));
        MutualAuthPolicy policy = MutualAuthPolicy.accepting(List.of("1.0"));
        Responder responder = Responder.with(client, () -> shop, trust, policy);

        // First responder.hello(hello) answers the agent's greeting; then comes its attest:
        Responder.AttestOutcome outcome = responder.attest(attest, sessionProof);
        if (outcome instanceof Responder.Authenticated agent) {
            serve.accept(agent.agent().certificate().binding(), agent.session());
        } else if (outcome instanceof Responder.Refused refused) {
            log.accept(refused.failure().toString()); // such as: replay_detected (challenge_consumed)
        }
        // README: end
    }
}
