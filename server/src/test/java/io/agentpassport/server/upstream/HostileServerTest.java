package io.agentpassport.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.UpstreamsConfig.InFile;
import io.agentpassport.server.config.UpstreamsConfig.InVariable;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.upstream.ToolFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server over HTTP may do to us: nothing. */
@Timeout(120)
class HostileServerTest {

    private static final int CAP = 1 << 19;

    /** In which a request arrives, also on a busy machine; then it is over. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    @AutoClose
    private FakeServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new FakeServer();
    }

    private UpstreamWorld open() {
        return UpstreamWorld.open(folder, true, UpstreamWorld.http("fake", server.url()));
    }

    private ToolOutcome callWhen(FakeServer.Misbehaviour misbehaviour) {
        return callWhen(misbehaviour, UpstreamWorld.PATIENCE);
    }

    private ToolOutcome callWhen(FakeServer.Misbehaviour misbehaviour, Duration timeout) {
        try (UpstreamWorld world = open()) {
            server.on("tools/call", misbehaviour);
            return world.call("fake/act", JsonObject.EMPTY, timeout, CAP);
        }
    }

    private static void assertFails(ToolOutcome outcome, Kind kind, String words) {
        assertThat(outcome).isInstanceOfSatisfying(ToolFailure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.message()).contains(words);
        });
    }

    @Test
    void aRedirectToAPrivateAddressIsNotFollowed() throws IOException {
        try (RawHttp inside = new RawHttp("127.0.0.1", 0, (request, out) -> RawHttp.json(out, "{}"))) {
            for (String status : List.of("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect",
                    "308 Permanent Redirect")) {
                ToolOutcome outcome = callWhen((id, out) -> RawHttp.respond(out, status,
                        "Location: http://127.0.0.1:" + inside.port() + "/\r\n", ""));
                assertFails(outcome, Kind.PROTOCOL, "redirects");
            }
            // A request without a body, which is easier to send on: the end of the session.
            server.on("initialize", (id, out) -> RawHttp.respond(out, "200 OK",
                    "Content-Type: application/json\r\nMcp-Session-Id: s1\r\n",
                    FakeServer.message(id, "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}")));
            server.on("DELETE", (id, out) -> RawHttp.respond(out, "307 Temporary Redirect",
                    "Location: http://127.0.0.1:" + inside.port() + "/\r\n", ""));
            open().close();
            assertThat(server.asked("DELETE")).isEqualTo(1);
            assertThat(inside.requests()).isEmpty();
        }
    }

    @Test
    void aNameThatTurnsToAPrivateAddressIsNotConnectedTo() throws IOException {
        AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
        AtomicLong lookups = new AtomicLong();
        try (RawHttp inside = new RawHttp("127.0.0.2", server.port(), (request, out) -> RawHttp.json(out, "{}"));
                UpstreamWorld world = UpstreamWorld.open(folder, true, Map.of(), host -> {
                    lookups.incrementAndGet();
                    return new InetAddress[]{InetAddress.getByName(address.get())};
                }, List.of("127.0.0.1/32"),
                        UpstreamWorld.http("fake", "http://tools.example:" + server.port() + "/mcp"))) {
            assertThat(server.requests().get(0).headers()).containsEntry("host", "tools.example:" + server.port());
            long before = lookups.get();
            address.set("127.0.0.2");
            // A new connection is needed: the server ends the one that rests, after its next answer.
            server.on("tools/call", (id, out) -> {
                RawHttp.write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                        + FakeServer.message(id, FakeServer.text("done")));
                throw new IOException("close");
            });
            ToolOutcome outcome = world.call("fake/act", JsonObject.EMPTY);
            for (int i = 0; i < 3 && outcome instanceof ToolResult; i++) {
                outcome = world.call("fake/act", JsonObject.EMPTY);
            }

            assertFails(outcome, Kind.UNREACHABLE, "127.0.0.2 is private");
            assertThat(lookups.get()).isGreaterThan(before);
            assertThat(inside.requests()).isEmpty();
        }
    }

    @Test
    void aPrivateAddressThatIsNotListedIsNotConnectedTo() {
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, Map.of(), InetAddress::getAllByName,
                List.of("127.0.0.2/32"), UpstreamWorld.http("fake", server.url()))) {
            assertThat(world.status("fake").state()).isEqualTo(UpstreamStatus.State.UNREACHABLE);
            assertThat(world.status("fake").lastError()).contains("127.0.0.1 is private");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void anEndlessBodyIsCutOffWhileItIsRead() {
        AtomicLong sent = new AtomicLong();
        CountDownLatch gone = new CountDownLatch(1);
        ToolOutcome outcome = callWhen((id, out) -> {
            try {
                RawHttp.write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
                for (String chunk = " ".repeat(8192);; sent.addAndGet(chunk.length())) {
                    RawHttp.write(out, chunk);
                }
            } finally {
                gone.countDown();
            }
        });
        assertFails(outcome, Kind.TOO_LARGE, "larger");
        assertThat(gone).satisfies(latch -> latch.await());
        // What the sockets of both sides hold comes on top.
        assertThat(sent.get()).isLessThan(32L * CAP);
    }

    @Test
    void aBodyThatSaysThatItIsTooLargeIsNotRead() {
        assertFails(callWhen((id, out) -> RawHttp.write(out,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n")),
                Kind.TOO_LARGE, "larger");
    }

    @Test
    void anEndlessEventIsCutOff() {
        assertFails(callWhen((id, out) -> {
            RawHttp.events(out);
            for (String line = "data: " + "x".repeat(1000) + "\n";;) {
                RawHttp.write(out, line);
            }
        }), Kind.TOO_LARGE, "larger");
    }

    @Test
    void anEndlessHeaderIsCutOff() {
        assertFails(callWhen((id, out) -> {
            RawHttp.write(out, "HTTP/1.1 200 OK\r\nX: ");
            for (String chunk = "x".repeat(8192);;) {
                RawHttp.write(out, chunk);
            }
        }), Kind.PROTOCOL, "broke off");
    }

    @Test
    void aSlowBodyEndsWithTheDeadlineAndItsConnectionToo() throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (UpstreamWorld world = open()) {
            server.on("tools/call", (id, out) -> {
                RawHttp.write(out,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n");
                try {
                    // One byte at a time, for as long as somebody reads.
                    while (!gone.await(20, TimeUnit.MILLISECONDS)) {
                        RawHttp.write(out, " ");
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                } finally {
                    gone.countDown();
                }
            });
            assertFails(world.call("fake/act", JsonObject.EMPTY, SOON, CAP), Kind.TIMEOUT, "in time");
            assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aServerThatSaysNothingEndsWithTheDeadlineAndIsToldSo() {
        try (UpstreamWorld world = open()) {
            CountDownLatch told = new CountDownLatch(1);
            server.on("tools/call", (id, out) -> awaitQuietly(told));
            server.on("notifications/cancelled", (id, out) -> {
                told.countDown();
                RawHttp.respond(out, "202 Accepted", "", "");
            });
            assertFails(world.call("fake/act", JsonObject.EMPTY, SOON, CAP), Kind.TIMEOUT, "in time");
            awaitQuietly(told);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAnswerToSomethingElseIsNone() {
        assertFails(callWhen((id, out) -> FakeServer.result(out, id + 1, FakeServer.text("of another"))),
                Kind.PROTOCOL, "not the answer");
        assertFails(callWhen((id, out) -> {
            RawHttp.events(out);
            FakeServer.event(out, FakeServer.message(id + 1, FakeServer.text("of another")));
        }), Kind.PROTOCOL, "not the answer");
    }

    @Test
    void aBatchOrWhatIsNoMessageIsNoAnswer() {
        for (String body : List.of("[]", "{}", "7", "", "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{}}", "{\"jsonrpc\":\"1.0\",\"id\":3,\"result\":{}}")) {
            assertThat(callWhen((id, out) -> RawHttp.json(out, body))).as(body)
                    .isInstanceOfSatisfying(ToolFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.PROTOCOL));
        }
        assertFails(callWhen((id, out) -> RawHttp.json(out, "[" + FakeServer.message(id, "{\"content\":[]}") + "]")),
                Kind.PROTOCOL, "not a JSON object");
        assertFails(callWhen((id, out) -> FakeServer.result(out, id, "{\"odd\":1}")), Kind.PROTOCOL,
                "result of a tool");
        assertFails(callWhen((id, out) -> RawHttp.respond(out, "200 OK", "Content-Type: text/html\r\n", "<p>")),
                Kind.PROTOCOL, "neither JSON");
    }

    @Test
    void anAnswerThatBreaksOffMayHaveRun() {
        assertFails(callWhen((id, out) -> {
            throw new IOException("gone");
        }), Kind.PROTOCOL, "broke off");
        assertFails(callWhen((id, out) -> RawHttp.respond(out, "500 Oops", "", "")), Kind.PROTOCOL, "500");
    }

    @Test
    void aServerThatTurnsACallAwayHadItAndMayHaveRunIt() {
        for (String status : List.of("401 Who", "403 No", "404 Where", "405 How", "429 Slow", "503 Busy")) {
            assertFails(callWhen((id, out) -> RawHttp.respond(out, status, "", "")), Kind.PROTOCOL,
                    status.substring(0, 3));
        }
        assertThat(server.asked("tools/call")).isEqualTo(6);
    }

    @Test
    void aServerThatIsNotThereDidNotRun() throws IOException {
        try (UpstreamWorld world = open()) {
            server.close();
            // What was sent over a connection that rested may have arrived; without one nothing was sent.
            ToolOutcome outcome = world.call("fake/act", JsonObject.EMPTY);
            for (int i = 0; i < 4 && outcome instanceof ToolFailure failure && failure.kind() == Kind.PROTOCOL; i++) {
                outcome = world.call("fake/act", JsonObject.EMPTY);
            }
            assertFails(outcome, Kind.UNREACHABLE, "cannot be reached");
        }
    }

    @Test
    void whatAServerAsksForIsDenied() {
        CountDownLatch replies = new CountDownLatch(4);
        server.on("", (id, out) -> {
            replies.countDown();
            RawHttp.respond(out, "202 Accepted", "", "");
        });
        ToolOutcome outcome = callWhen((id, out) -> {
            RawHttp.events(out);
            for (String method : List.of("sampling/createMessage", "elicitation/create", "roots/list", "ping")) {
                FakeServer.event(out,
                        "{\"jsonrpc\":\"2.0\",\"id\":\"" + method + "\",\"method\":\"" + method + "\",\"params\":{}}");
            }
            // It answers only once it has heard of each.
            awaitQuietly(replies);
            FakeServer.event(out, FakeServer.message(id, FakeServer.text("done")));
        });
        assertThat(outcome).isInstanceOf(ToolResult.class);
        assertThat(server.messages("")).filteredOn(reply -> reply.has("error"))
                .extracting(reply -> reply.string("id"))
                .containsExactlyInAnyOrder("sampling/createMessage", "elicitation/create", "roots/list");
        assertThat(server.messages("")).filteredOn(reply -> reply.has("result"))
                .extracting(reply -> reply.string("id"))
                .containsExactly("ping");
        assertThat(Objects.requireNonNull(server.messages("initialize").get(0).object("params")).object("capabilities"))
                .isEqualTo(JsonObject.EMPTY);
    }

    @Test
    void aServerThatAsksOrTellsTooMuchIsCutOff() {
        assertFails(callWhen((id, out) -> {
            RawHttp.events(out);
            for (int i = 0;; i++) {
                FakeServer.event(out, "{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"sampling/createMessage\"}");
            }
        }), Kind.PROTOCOL, "asks too much");
        assertFails(callWhen((id, out) -> {
            RawHttp.events(out);
            for (;;) {
                FakeServer.event(out, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}");
            }
        }), Kind.PROTOCOL, "says too much");
    }

    @Test
    void aListOfToolsThatIsTooLongIsNotTaken() {
        server.tools(IntStream.range(0, 513)
                .mapToObj(i -> FakeServer.ACT.replace("act", "act" + i))
                .collect(Collectors.joining(",")));
        assertNoTools("more than 512 tools");
        server.on("tools/list", (id, out) -> FakeServer.result(out, id, "{\"tools\":[],\"nextCursor\":\"same\"}"));
        assertNoTools("circle");
        AtomicLong page = new AtomicLong();
        server.on("tools/list", (id, out) -> FakeServer.result(out, id,
                "{\"tools\":[],\"nextCursor\":\"" + page.incrementAndGet() + "\"}"));
        assertNoTools("pages");
        server.on("tools/list", (id, out) -> {
            RawHttp.write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
            for (String chunk = " ".repeat(8192);;) {
                RawHttp.write(out, chunk);
            }
        });
        assertNoTools("larger");
        server.on("tools/list",
                (id, out) -> FakeServer.result(out, id, "{\"tools\":[" + FakeServer.ACT + "," + FakeServer.ACT + "]}"));
        assertNoTools("two tools");
    }

    private void assertNoTools(String words) {
        try (UpstreamWorld world = open()) {
            assertThat(world.status("fake").state()).isEqualTo(UpstreamStatus.State.UNREACHABLE);
            assertThat(world.status("fake").lastError()).contains(words);
            assertThat(world.upstreams.tools("fake")).isEmpty();
        }
    }

    @Test
    void nothingIsSentToAToolWhoseSchemaHasChanged() {
        try (UpstreamWorld world = open()) {
            Tool tool = world.tool("fake/act");
            server.tools(FakeServer.ACT.replace("{\"type\":\"object\"}", "{\"type\":\"object\",\"required\":[\"x\"]}"));
            // The server says so on the answer to another call.
            server.on("tools/call", (id, out) -> {
                RawHttp.events(out);
                FakeServer.event(out, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
                FakeServer.event(out, FakeServer.message(id, FakeServer.text("done")));
                throw new IOException("close");
            });
            assertThat(world.call("fake/act", JsonObject.EMPTY)).isInstanceOf(ToolResult.class);

            ToolOutcome outcome = world.upstreams
                    .call(tool, JsonObject.EMPTY,
                            new CallOptions(UpstreamWorld.HOLDER, "r2", UpstreamWorld.PATIENCE, CAP))
                    .join();

            assertFails(outcome, Kind.UNREACHABLE, "not the accepted one");
            assertThat(server.asked("tools/call")).isEqualTo(1);
            assertThat(world.find("fake/act")).isNull();
        }
    }

    @Test
    void aServerThatForgotTheSessionIsGreetedAgain() {
        server.on("initialize", (id, out) -> RawHttp.respond(out, "200 OK",
                "Content-Type: application/json\r\nMcp-Session-Id: s1\r\n", FakeServer.message(id,
                        "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}")));
        try (UpstreamWorld world = open()) {
            assertThat(server.messages("tools/list")).hasSize(1);
            server.on("tools/call", (id, out) -> {
                server.usual("tools/call");
                RawHttp.respond(out, "404 Not Found", "", "");
            });
            assertThat(world.call("fake/act", JsonObject.EMPTY)).isInstanceOf(ToolResult.class);
            assertThat(server.asked("initialize")).isEqualTo(2);
            assertThat(server.requests()).filteredOn(request -> request.body().contains("tools/call"))
                    .allSatisfy(request -> assertThat(request.headers()).containsEntry("mcp-session-id", "s1")
                            .containsEntry("mcp-protocol-version", "2025-06-18"));
        }
    }

    @Test
    void aServerThatForgetsEachSessionIsSentACallTwiceAndMayHaveRunIt() {
        server.on("initialize", (id, out) -> RawHttp.respond(out, "200 OK",
                "Content-Type: application/json\r\nMcp-Session-Id: s1\r\n", FakeServer.message(id,
                        "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}")));
        assertFails(callWhen((id, out) -> RawHttp.respond(out, "404 Not Found", "", "")), Kind.PROTOCOL,
                "each session");
        assertThat(server.asked("tools/call")).isEqualTo(2);
        assertFails(callWhen((id, out) -> {
            server.on("initialize", (again, to) -> RawHttp.respond(to, "503 Busy", "", ""));
            RawHttp.respond(out, "404 Not Found", "", "");
        }), Kind.PROTOCOL, "503");
    }

    @Test
    void theCredentialIsTheGatewaysAndAFileThatOthersCanReadIsRefused() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "t0ken\n",
                StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        UpstreamConfig open = UpstreamWorld.http("fake", server.url(), new InFile(secret));
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, open)) {
            assertThat(world.status("fake").lastError()).contains("chmod 600").doesNotContain("t0ken");
            assertThat(server.requests()).isEmpty();
        }
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, open)) {
            assertThat(world.find("fake/act")).isNotNull();
            assertThat(server.requests()).allSatisfy(
                    request -> assertThat(request.headers()).containsEntry("authorization", "Bearer t0ken"));
        }
        UpstreamConfig variable = UpstreamWorld.http("fake", server.url(), new InVariable("TOKEN"));
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, Map.of("TOKEN", "other"),
                InetAddress::getAllByName, List.of("127.0.0.1"), variable)) {
            assertThat(world.find("fake/act")).isNotNull();
            assertThat(server.requests().get(server.requests().size() - 1).headers())
                    .containsEntry("authorization", "Bearer other");
        }
    }

    @Test
    void takesOnlySoManyCallsAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        server.on("tools/call", (id, out) -> {
            awaitQuietly(go);
            FakeServer.result(out, id, FakeServer.text("done"));
        });
        try (UpstreamWorld world = open()) {
            Tool tool = world.tool("fake/act");
            var options = new CallOptions(UpstreamWorld.HOLDER, "r", UpstreamWorld.PATIENCE, CAP);
            var calls = IntStream.range(0, 4)
                    .mapToObj(i -> world.upstreams.call(tool, JsonObject.EMPTY, options))
                    .toList();
            assertFails(world.upstreams.call(tool, JsonObject.EMPTY, options).join(), Kind.UNREACHABLE, "too many");
            go.countDown();
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isInstanceOf(ToolResult.class));
        }
    }
}
