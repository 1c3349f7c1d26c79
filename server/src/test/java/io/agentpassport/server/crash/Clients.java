package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.tls.TlsCredential;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** The connections to one start of a service. */
record Clients(PassportClient admin, PassportClient anyone, LogKey logKey) implements AutoCloseable {

    /** The longest that a client may wait: a machine may be busy with other things. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final String AUDIENCE = "passport://localhost";

    static Clients of(Service service) {
        return of(service, PATIENCE);
    }

    /** Who give up after that time. */
    static Clients of(Service service, Duration patience) {
        PassportClient admin = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), service.data().adminKey())
                .deadline(patience)
                .open();
        PassportClient anyone = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .deadline(patience)
                .open();
        return new Clients(admin, anyone, new LogKey(AUDIENCE, service.logKey()));
    }

    /** What sends calls that were signed in whichever session: a session that was begun earlier, taken up here. */
    ToolGateway gateway(AgentIdentity identity, Path session) {
        return AuthenticatedSession.resume(anyone, identity, session).tools().verifyingBy(logKey);
    }

    /** A bare channel of an admin, for what the client has no method for. */
    static ManagedChannel channel(Service service) {
        TlsCredential admin = TlsCredential.read(service.data().adminCertificate(), service.data().adminKey());
        try {
            return NettyChannelBuilder.forTarget(service.address())
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(TlsCredential.readCertificate(service.data().ca()))
                            .keyManager(admin.key(), admin.certificate())
                            .build())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        anyone.close();
    }
}
