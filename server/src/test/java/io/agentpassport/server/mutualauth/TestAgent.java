package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import java.time.Instant;
import java.util.List;

/** An agent as the service meets it: a key, a certificate, and what it signs with them. */
record TestAgent(Signer key, Certificate certificate) {

    static final List<String> VERSIONS = List.of("1.0");

    /** The method of the calls it makes. */
    static final String METHOD = "agentpassport.v1.MutualAuthService/GetSession";

    /** The digest of the body of the calls it makes. */
    static final String BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** A hello answered by a challenge, and its nonce. */
    record Greeting(Nonce nonce, HelloOutcome.Challenged challenged) {

        String challengeText() {
            String text = challenged.attest().ownNonceText();
            if (text == null) {
                throw new AssertionError("an attest without a nonce");
            }
            return text;
        }
    }

    static Hello hello(Nonce nonce, Instant now) {
        return Hello.of(Role.AGENT, VERSIONS, nonce, (double) now.toEpochMilli());
    }

    Attest attest(Greeting greeting, Instant now) {
        return new UnsignedAttest(Role.AGENT, "1.0", greeting.nonce.text(), greeting.challengeText(), certificate,
                now.toEpochMilli()).sign(key);
    }

    /** What it derives by itself, from both attests and the instant and length that the service fixed. */
    static Session derive(Attest own, Attest system, Instant establishedAt, long lengthMillis) {
        return ((SessionDerivation.Derived) SessionDerivation.derive(own, system, lengthMillis,
                (double) establishedAt.toEpochMilli())).session();
    }

    SignedStatement proof(Attest own, Greeting greeting) {
        Session session = derive(own, greeting.challenged.attest(), Instant.EPOCH, 1);
        return proof(session.id(), greeting.challenged.audience());
    }

    SignedStatement proof(SessionId session, String audience) {
        return SignedStatement.sign(new SessionProof(session, audience).statement(), key);
    }

    /** The proof of a call. */
    SignedStatement call(SessionId session, Nonce nonce, Instant issuedAt) {
        return SignedStatement.sign(new RpcProof(session.text(), AuthWorld.AUDIENCE, METHOD, BODY, nonce,
                issuedAt.toEpochMilli()).statement(), key);
    }
}
