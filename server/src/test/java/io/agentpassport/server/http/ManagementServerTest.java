package io.agentpassport.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.server.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets on loopback. */
@Timeout(60)
class ManagementServerTest {

    private final AtomicReference<List<String>> problems = new AtomicReference<>(List.of());
    private final ManagementServer server = ManagementServer.start("127.0.0.1", 0, problems::get, () -> "figure 1\n");
    private final List<AutoCloseable> open = new ArrayList<>(List.of(server));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void answersHealthAndFigures() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}\n");
        HttpResponse<String> figures = get("/metrics?name=x");
        assertThat(figures.body()).isEqualTo("figure 1\n");
        assertThat(figures.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhyItIsNotReadyAndIsAliveAllTheSame() throws Exception {
        problems.set(List.of("partition 0001 is recovering"));

        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).isEqualTo("{\"ready\":false,\"reasons\":[\"partition 0001 is recovering\"]}\n");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void takesNothingButGet() throws IOException {
        assertThat(say("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")).startsWith("HTTP/1.1 405 ")
                .contains("allow: GET");
        assertThat(say("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void answersOneRequestAConnection() throws IOException {
        assertThat(say("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"))
                .containsOnlyOnce("HTTP/1.1")
                .contains("connection: close");
    }

    @Test
    void refusesWhatIsLongerThanItsBoundsOrNoHttp() throws IOException {
        String most = "/" + "a".repeat(ManagementServer.LINE - "GET / HTTP/1.1".length());
        assertThat(say("GET " + most + " HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 404 ");
        assertThat(say("GET " + most + "a HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(say("GET /metrics HTTP/1.1\r\nX: " + "a".repeat(ManagementServer.HEADER_BYTES) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(say("\u0016\u0003\u0001\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void closesWhoeverComesWhenThereAreAsManyAsMayBe() throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < ManagementServer.CONNECTIONS; i++) {
            held.add(connect());
        }
        // Each is known once something came of it; the server has one thread, which takes them in turn.
        assertThat(say("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")).isEmpty();

        held.get(0).close();
        String answer = "";
        while (answer.isEmpty()) {
            answer = say("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void closesAConnectionThatLastsTooLong() throws Exception {
        var hasty = new ManagementServer("127.0.0.1", 0, List::of, () -> "", 50);
        open.add(hasty);
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), hasty.port())) {
            slow.getOutputStream().write("GET /health/live HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void saysWhatToDoWhenItCannotListen() {
        assertThatThrownBy(() -> ManagementServer.start("127.0.0.1", server.port(), List::of, () -> ""))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("choose another with management.port, or off");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        open.add(socket);
        return socket;
    }

    /** All that it answers until it closes; nothing when it is reset. */
    private String say(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException reset) {
            return "";
        }
    }
}
