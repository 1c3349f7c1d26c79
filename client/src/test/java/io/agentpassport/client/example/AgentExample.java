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

/** The README's agent. */
final class AgentExample {

    private AgentExample() {}

    static void run(String joinTokenText, PublicKey publisherKey, NonceSource random) {
        // README: AgentExample
        try (PassportClient client = PassportClient.to("passport.example:7443").trusting(Path.of("ca.pem")).open()) {
            JoinToken token = new JoinToken(joinTokenText, "passport://passport.example", publisherKey);
            AgentKey key = AgentKey.generate(random);
            AgentIdentity me = client.certificates()
                    .enrol(token, key, Subject.agent("shopping assistant", "agent:alice"));

            AuthenticatedSession session = Handshake.with(client, me).expecting("passport://passport.example").run();
            System.out.println(session.id()); // the service holds the same record, byte for byte
        }
        // README: end
    }
}
