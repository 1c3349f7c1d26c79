package io.agentpassport.server.endtoend;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.HandshakeCalls;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.TestServer;
import java.time.Instant;

/**
 * An agent that takes the steps of a handshake one by one, and may take them wrongly.
 *
 * @param agent
 *            whose certificate is shown
 * @param nonce
 *            its nonce
 * @param greeted
 *            the service's attest, as the answer to its hello
 */
record HandshakeSteps(AgentIdentity agent, Nonce nonce, Attest greeted) {

    /** Says hello. */
    static HandshakeSteps begin(HandshakeCalls calls, AgentIdentity agent) {
        Nonce nonce = TestServer.NONCES.nonce();
        return new HandshakeSteps(agent, nonce,
                calls.hello(Hello.of(Role.AGENT, Subject.VERSIONS, nonce, now())));
    }

    /** The agent's attest, signed by whom it may be. */
    Attest attest(Signer signer, double timestampMillis) {
        return UnsignedAttest.answering(greeted, nonce, agent.certificate().certificate(), timestampMillis)
                .sign(signer);
    }

    /** The agent's attest as it should be. */
    Attest attest() {
        return attest(agent.key().signer(), now());
    }

    /** The session proof for an audience, signed by whom it may be. */
    SignedStatement proof(Attest own, String audience, Signer signer) {
        var derived = (SessionDerivation.Derived) SessionDerivation.derive(own, greeted, 60_000L, now());
        return SignedStatement.sign(new SessionProof(derived.session().id(), audience).statement(), signer);
    }

    /** The session proof as it should be. */
    SignedStatement proof(Attest own) {
        return proof(own, agent.audience(), agent.key().signer());
    }

    static double now() {
        return (double) Instant.now().toEpochMilli();
    }
}
