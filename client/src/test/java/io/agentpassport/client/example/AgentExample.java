package io.agentpassport.client.example;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Subject;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.PublicKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;

/** The README's agent. */
final class AgentExample {

    private AgentExample() {}

    static void run(String joinTokenText, String publisherHex) {
        // README: AgentExample
        // The token, the service's name and its publisher key are what ./passport join-token prints:
        PublicKey publisher = Objects.requireNonNull(PublicKey.fromHex(publisherHex));
        JoinToken token = new JoinToken(joinTokenText, "passport://passport.example", publisher);

        NonceSource random = NonceSource.from(new SecureRandom());
        try (PassportClient client = PassportClient.to("passport.example:7443").trusting(Path.of("ca.pem")).open()) {
            AgentKey key = AgentKey.generate(random);
            key.save(Path.of("alice.key"));
            AgentIdentity me = client.certificates()
                    .enrol(token, key, Subject.agent("shopping assistant", "agent:alice"));
            me.save(Path.of("alice.json")); // next time AgentIdentity.load reads the two

            AuthenticatedSession session = Handshake.with(client, me).expecting("passport://passport.example").run();
            System.out.println(session.id()); // the service holds the same record, byte for byte
        }
        // README: end
    }
}
