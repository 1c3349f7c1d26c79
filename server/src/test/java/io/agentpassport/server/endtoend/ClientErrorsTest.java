package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.PassportException.Reason;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.wire.ErrorReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client library says when it cannot do what it was asked. */
class ClientErrorsTest {

    /** Longer than a part of a name may be: no name service is asked, of which some answer late, and some anything. */
    static final String NO_HOST = "x".repeat(64) + ".invalid";

    private static TestServer service;
    private static TestServer other;

    @TempDir
    Path scratch;

    @BeforeAll
    static void start(@TempDir Path folder, @TempDir Path otherFolder) {
        service = TestServer.start(folder);
        other = TestServer.start(otherFolder);
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        other.close();
    }

    @Test
    void anUnreachableServerIsNamed() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        PassportException e = failure(PassportClient.to("127.0.0.1:" + port).trusting(service.data().ca()));

        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(e).hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("Connection refused")
                .hasMessageContaining("check that the server runs");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        PassportException e = failure(PassportClient.to(NO_HOST + ":7443").trusting(service.data().ca()));

        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(e).hasMessageContaining(NO_HOST + ":7443");
    }

    @Test
    void aServerOfAnotherCaIsNotTrusted() {
        PassportException e = failure(PassportClient.to(service.address()).trusting(other.data().ca()));

        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(e).hasMessageContaining("its TLS certificate is not by the CA that is trusted here");
    }

    @Test
    void aServerWithoutTlsIsNotTakenForOneWithIt(@TempDir Path folder) throws Exception {
        try (TestServer plaintext = TestServer.start(folder, ClientErrorsTest::withoutTls)) {
            PassportException e = failure(PassportClient.to(plaintext.address()).trusting(service.data().ca()));
            assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(e).hasMessageContaining("what listens there speaks without it")
                    .hasMessageContaining("add --plaintext here too");
            try (PassportClient client = PassportClient.to(plaintext.address()).plaintext().open()) {
                assertThat(client.trust().introduce().audience()).isEqualTo("passport://localhost");
            }
        }
        PassportException e = failure(PassportClient.to(service.address()).plaintext());
        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(e).hasMessageContaining("as a server with TLS does when a client comes with --plaintext");
    }

    @Test
    void whatIsNoSuchServerAtAllIsSaid() throws IOException {
        try (var web = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answerAsAWebServer(web));
            String address = "localhost:" + web.getLocalPort();
            PassportException e = failure(PassportClient.to(address).plaintext());
            assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(e).hasMessageContaining("what listens there is no gRPC server");
            assertThat(failure(PassportClient.to(address).trusting(service.data().ca())))
                    .hasMessageContaining("what listens there speaks without it");
        }
    }

    private static void answerAsAWebServer(ServerSocket web) {
        while (!web.isClosed()) {
            try (Socket client = web.accept()) {
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                // Until who asked has seen it, and gone.
                byte[] unused = client.getInputStream().readAllBytes();
            } catch (IOException e) {
                // Who was refused has gone, or the test is over.
            }
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUpInTime() throws IOException {
        try (var silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            PassportException e = failure(PassportClient.to("localhost:" + silent.getLocalPort())
                    .trusting(service.data().ca())
                    .deadline(Duration.ofMillis(300)));

            assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(e).hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void aDeadlineHasBounds() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(31))) {
            assertThat(local(() -> PassportClient.to("localhost:1").deadline(wrong))).hasMessageContaining("30 s");
        }
    }

    @Test
    void aRefusalCarriesItsReasonAndWhatToDo() {
        PassportException e = Refusals.of(() -> service.anyone().certificates().list(null, null));

        assertThat(e.reason()).isEqualTo(Reason.REFUSED);
        assertThat(e.errorReason()).isEqualTo(ErrorReason.CREDENTIALS_REQUIRED);
        assertThat(e.metadata()).containsEntry("accepted", "rpc_proof,mtls");
    }

    @Test
    void anAdminOfAnotherServiceIsNoAdminHere() {
        PassportException e = failure(PassportClient.to(service.address())
                .trusting(service.data().ca())
                .showing(other.data().adminCertificate(), other.data().adminKey()));

        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", ":7443", "localhost:0", "localhost:65536", "localhost:http",
        "::1:7443", "http://localhost:7443", "local host:7443", "local/host:7443", "", " :7443", "[::1:7443"})
    void aMalformedAddressIsSaidToBeOne(String address) {
        assertThat(local(() -> PassportClient.to(address).plaintext().open())).hasMessageContaining("HOST:PORT");
    }

    @Test
    void plaintextGoesNowhereElse() {
        assertThat(local(() -> PassportClient.to("192.0.2.1:7443").plaintext().open()))
                .hasMessageContaining("loopback");
    }

    @Test
    void tlsFilesThatCannotBeUsedAreNamed() throws IOException {
        Path missing = scratch.resolve("missing.pem");
        assertThat(local(() -> PassportClient.to("localhost:1").trusting(missing).open()))
                .hasMessageContaining(missing.toString());

        Path garbage = Files.writeString(scratch.resolve("garbage.pem"), "this is no certificate\n");
        assertThat(local(() -> PassportClient.to("localhost:1").trusting(garbage).open()))
                .hasMessageContaining("PEM");

        assertThat(local(() -> PassportClient.to("localhost:1")
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), missing)
                .open())).hasMessageContaining(missing.toString());

        assertThat(local(() -> PassportClient.to("localhost:1")
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), service.data().ca())
                .open())).hasMessageContaining("ca.pem");

        assertThat(local(() -> PassportClient.to("localhost:1")
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), other.data().adminKey())
                .open())).hasMessageContaining("is not that of the certificate");
    }

    @Test
    void anAdminKeyThatOthersCanReadIsRefused() throws IOException {
        Path key = Files.copy(service.data().adminKey(), scratch.resolve("admin-key.pem"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(local(() -> PassportClient.to(service.address())
                .trusting(service.data().ca())
                .showing(service.data().adminCertificate(), key)
                .open())).hasMessageContaining("chmod 600 " + key);
    }

    private static PassportException failure(PassportClient.Builder described) {
        try (PassportClient client = described.open()) {
            return Refusals.of(() -> client.trust().introduce());
        }
    }

    private static PassportException local(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        PassportException e = Refusals.of(call);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.LOCAL);
        return e;
    }

    private static ServerConfig withoutTls(ServerConfig config) {
        return config.listening(new Listen("127.0.0.1", 0, List.of(), true, false)).forDevelopment();
    }
}
