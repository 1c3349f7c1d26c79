package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.core.receipt.LogKey;
import java.nio.file.Path;
import java.time.Duration;

/** The connections to one start of a service. */
record Clients(PassportClient admin, PassportClient anyone, LogKey logKey) implements AutoCloseable {

    /** The longest that a client may wait: a machine may be busy with other things. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final String AUDIENCE = "passport://localhost";

    static Clients of(Service service) {
        PassportClient admin = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), service.data().adminKey())
                .deadline(PATIENCE)
                .open();
        PassportClient anyone = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .deadline(PATIENCE)
                .open();
        return new Clients(admin, anyone, new LogKey(AUDIENCE, service.logKey()));
    }

    /** What sends calls that were signed in whichever session: a session that was begun earlier, taken up here. */
    ToolGateway gateway(AgentIdentity identity, Path session) {
        return AuthenticatedSession.resume(anyone, identity, session).tools().verifyingBy(logKey);
    }

    @Override
    public void close() {
        admin.close();
        anyone.close();
    }
}
