package io.agentpassport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.TrustFollower;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.wire.ErrorReason;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassportServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void anAgentEnrolsAuthenticatesAndEndsItsSession() {
        try (TestServer service = TestServer.start(folder)) {
            AuthenticatedSession session = service.session(service.agent("agent:alice"));

            assertThat(session.get().state()).isEqualTo("active");
            assertThat(session.list(null).items()).hasSize(1);
            assertThat(session.end("done").state()).isEqualTo("ended");
            assertThatThrownBy(session::get).isInstanceOfSatisfying(PassportException.class,
                    e -> assertThat(e.errorReason()).isEqualTo(ErrorReason.SESSION_OVER));
        }
    }

    @Test
    void whatWasAnsweredIsThereAfterARestart() {
        AgentIdentity agent;
        String session;
        try (TestServer service = TestServer.start(folder)) {
            agent = service.agent("agent:alice");
            session = service.session(agent).id();
        }
        try (TestServer service = TestServer.start(folder)) {
            AuthenticatedSession again = service.session(agent);

            assertThat(again.list(null).items()).extracting(record -> record.id())
                    .containsExactlyInAnyOrder(session, again.id());
            assertThat(service.admin().certificates().get(agent.certificateId().text(), agent.partition()).state())
                    .isEqualTo("active");
        }
    }

    @Test
    void aDataFolderServesOneServiceAtATime() {
        try (TestServer service = TestServer.start(folder)) {
            assertThatThrownBy(() -> TestServer.start(folder)).isInstanceOfSatisfying(StoreException.class,
                    e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FOLDER_IN_USE))
                    .hasMessageContaining(service.data().database().toString());
            // The one that was there first is not disturbed.
            assertThat(service.session(service.agent("agent:alice")).get().state()).isEqualTo("active");
        }
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws IOException {
        TestServer.start(folder).close();
        for (String file : List.of("keys/issuing.pem", "keys/attest.pem", "keys/bundle.pem", "tls/server-key.pem")) {
            Path key = folder.resolve("data").resolve(file);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

            assertThatThrownBy(() -> TestServer.start(folder)).isInstanceOf(ConfigException.class)
                    .hasMessageContaining("chmod 600 " + key);

            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        TestServer.start(folder).close();
    }

    @Test
    void plaintextIsForLoopbackOnly() {
        assertThatThrownBy(() -> TestServer.start(folder, config -> listening(config, "0.0.0.0", 0, true)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plaintext is for loopback only");
        TestServer.start(folder, config -> listening(config, "127.0.0.1", 0, true)).close();
    }

    @Test
    void anAddressThatIsTakenOrUnknownIsNamed() throws IOException {
        try (var taken = new ServerSocket(0)) {
            assertThatThrownBy(
                    () -> TestServer.start(folder, config -> listening(config, "0.0.0.0", taken.getLocalPort(), false)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("cannot listen on 0.0.0.0:" + taken.getLocalPort());
        }
        assertThatThrownBy(
                () -> TestServer.start(folder, config -> listening(config, "[no-such-address]", 0, false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no such address");
        // Nothing is left open by a start that failed.
        TestServer.start(folder).close();
    }

    @Test
    void aRelaxedSettingThatWasNotAcceptedIsRefused() {
        assertThatThrownBy(() -> TestServer.start(folder,
                config -> config.listening(new Listen("127.0.0.1", 0, List.of(), false, true))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("listen.reflection");
    }

    @Test
    void healthSaysServingUntilTheServiceStops() throws InterruptedException {
        try (TestServer service = TestServer.start(folder)) {
            var health = HealthGrpc.newBlockingStub(service.channel(null));
            for (String name : List.of("", "agentpassport.v1.CertificateService", "agentpassport.v1.TrustService",
                    "agentpassport.v1.MutualAuthService")) {
                assertThat(health.check(HealthCheckRequest.newBuilder().setService(name).build()).getStatus())
                        .isEqualTo(ServingStatus.SERVING);
            }
            Iterator<HealthCheckResponse> watch = health.watch(HealthCheckRequest.getDefaultInstance());
            assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);

            Thread stop = Thread.ofPlatform().start(service.server()::close);

            assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);

            stop.join();
        }
    }

    @Test
    void theThreadsThatTellWhoWatchesEndWithTheService() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<Thread> telling;
        try (TestServer service = TestServer.start(folder)) {
            AgentIdentity agent = service.agent("agent:alice");
            try (TrustFollower trust = service.anyone().trust().follow(agent.publisher()).await(PATIENCE)) {
                service.admin().certificates().revoke(agent.certificateId().text(), agent.partition(), "lost");
                trust.await(bundle -> bundle.revokedCertificates().contains(agent.certificateId()), PATIENCE);
                telling = Thread.getAllStackTraces()
                        .keySet()
                        .stream()
                        .filter(thread -> !before.contains(thread) && thread.getName().startsWith("bundle-watches-"))
                        .toList();
            }
        }
        assertThat(telling).as("it was told on a thread of its own").isNotEmpty();
        for (Thread thread : telling) {
            assertThat(thread.join(PATIENCE)).as(thread.getName()).isTrue();
        }
    }

    private static ServerConfig listening(ServerConfig config, String host, int port, boolean plaintext) {
        ServerConfig changed = config.listening(new Listen(host, port, List.of(), plaintext, false));
        return plaintext ? changed.accepting(changed.relaxed()) : changed;
    }
}
