package io.agentpassport.client;

import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.signing.SignedStatement;

/**
 * The other side of a handshake, as an agent reaches it: the two messages over whatever carries them, HTTP or MCP or a
 * method call. {@link Responder} is what answers them there.
 */
public interface HandshakePeer {

    /** Sends the hello; returns the peer's attest as it came. */
    Attest hello(Hello hello);

    /**
     * Sends the agent's attest and its session proof.
     *
     * @return the peer's session record, canonical JSON
     * @throws PassportException when the peer refuses
     */
    byte[] attest(Attest attest, SignedStatement sessionProof);
}
