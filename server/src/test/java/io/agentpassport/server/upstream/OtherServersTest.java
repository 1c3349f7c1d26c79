package io.agentpassport.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.upstream.ToolFailure.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that others wrote, and children that misbehave. */
@Timeout(180)
class OtherServersTest {

    @TempDir
    Path folder;

    private static String words(ToolOutcome outcome) {
        assertThat(outcome).isInstanceOf(ToolResult.class);
        return new String(Jcs.bytes(((ToolResult) outcome).result()), StandardCharsets.UTF_8);
    }

    private static JsonObject args(String name, String value) {
        return JsonObject.builder().put(name, value).build();
    }

    private static UpstreamConfig shell(String script) {
        return new UpstreamConfig("child", new Stdio(List.of("sh", "-c", script), null, Map.of(), Map.of()),
                UpstreamWorld.PATIENCE, 1 << 16, 4, null);
    }

    @Test
    void callsTheReferenceServerAsAChildWhichSeesNothingOfOurEnvironment() {
        UpstreamConfig everything = UpstreamWorld.server("everything",
                OtherServers.stdio(OtherServers.EVERYTHING, "stdio"));
        Set<ProcessHandle> before = children();
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, everything)) {
            assertThat(world.status("everything").lastError()).isEmpty();
            assertThat(words(world.call("everything/echo", args("message", "hello")))).contains("hello");
            String environment = words(world.call("everything/get-env", JsonObject.EMPTY));
            assertThat(environment).contains("PATH", "/nonexistent");
            System.getenv()
                    .keySet()
                    .stream()
                    .filter(name -> !List.of("PATH", "HOME", "PWD", "_", "SHLVL").contains(name))
                    .forEach(name -> assertThat(environment).doesNotContain("\\\"" + name + "\\\":"));
            assertThat(children()).anyMatch(child -> !before.contains(child));
        }
        assertNoneAreLeftBut(before);
    }

    @Test
    void callsTheReferenceServerOverHttp() throws IOException {
        try (OtherServers.OverHttp server = new OtherServers.OverHttp();
                UpstreamWorld world = UpstreamWorld.open(folder, true,
                        UpstreamWorld.http("everything", server.url()))) {
            assertThat(world.status("everything").lastError()).isEmpty();
            assertThat(words(world.call("everything/echo", args("message", "hello")))).contains("hello");
            JsonObject sum = JsonObject.builder().put("a", 2).put("b", new JsonNumber(3)).build();
            assertThat(words(world.call("everything/get-sum", sum))).contains("5");
            assertThat(world.call("everything/echo", JsonObject.EMPTY))
                    .isInstanceOfSatisfying(ToolResult.class, result -> assertThat(result.isError()).isTrue());
            JsonObject slow = JsonObject.builder().put("duration", 60).put("steps", 60).build();
            assertThat(world.call("everything/trigger-long-running-operation", slow, Duration.ofSeconds(5), 1 << 16))
                    .isInstanceOfSatisfying(ToolFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT));
        }
    }

    @Test
    void callsTheFileServerAndKeepsItsCap() throws IOException {
        Path files = Files.createDirectory(folder.resolve("files")).toRealPath();
        Files.writeString(files.resolve("small.txt"), "contents");
        Files.writeString(files.resolve("large.txt"), "x".repeat(100_000));
        UpstreamConfig server = UpstreamWorld.server("files",
                OtherServers.stdio(OtherServers.FILESYSTEM, files.toString()));
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, server)) {
            JsonObject small = args("path", files.resolve("small.txt").toString());
            assertThat(words(world.call("files/read_text_file", small))).contains("contents");
            JsonObject large = args("path", files.resolve("large.txt").toString());
            assertThat(world.call("files/read_text_file", large, UpstreamWorld.PATIENCE, 65_536))
                    .isInstanceOfSatisfying(ToolFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.TOO_LARGE));
            assertThat(words(world.call("files/read_text_file", small))).contains("contents");
            assertThat(world.call("files/read_text_file", args("path", "/etc/passwd")))
                    .isInstanceOfSatisfying(ToolResult.class, result -> assertThat(result.isError()).isTrue());
        }
    }

    @Test
    void listsTheToolsOfThePassportServer() {
        UpstreamConfig server = UpstreamWorld.server("passport", OtherServers.stdio(OtherServers.PASSPORT));
        try (UpstreamWorld world = UpstreamWorld.open(folder, false, server)) {
            assertThat(world.status("passport").lastError()).isEmpty();
            assertThat(world.upstreams.tools("passport")).hasSizeGreaterThan(10)
                    .allSatisfy(pin -> assertThat(pin.state()).isEqualTo(ToolState.NEW));
            assertThat(world.upstreams.catalogue().list()).extracting(Tool::upstream).containsOnly("builtin");
        }
    }

    @Test
    void aChildThatDiedIsStartedAgain() throws InterruptedException {
        UpstreamConfig server = UpstreamWorld.server("everything",
                OtherServers.stdio(OtherServers.EVERYTHING, "stdio"));
        Set<ProcessHandle> before = children();
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, server)) {
            ProcessHandle child = children().stream()
                    .filter(one -> !before.contains(one))
                    .filter(one -> one.info().commandLine().orElse("").contains("server-everything"))
                    .findFirst()
                    .orElseThrow();
            child.destroyForcibly();
            // Before its end was read a call could still be sent to it, and would be lost.
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("upstream-everything-out")) {
                    thread.join();
                }
            }

            assertThat(words(world.call("everything/echo", args("message", "again")))).contains("again");
        }
    }

    @Test
    void aChildThatEndsAtOnceOrIsNotThereIsUnreachable() {
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, shell("exit 1"))) {
            assertThat(world.status("child").lastError()).contains("ended");
        }
        UpstreamConfig missing = UpstreamWorld.server("child",
                new Stdio(List.of("/nonexistent/program"), null, Map.of(), Map.of()));
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, missing)) {
            assertThat(world.status("child").lastError()).contains("cannot be started");
        }
    }

    @Test
    void aChildWithAnEndlessLineIsEnded() {
        Set<ProcessHandle> before = children();
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, shell("cat /dev/zero"))) {
            assertThat(world.status("child").lastError()).contains("a line of more than");
        }
        assertNoneAreLeftBut(before);
    }

    @Test
    void aChildThatFloodsItsErrorsOrSaysNonsenseIsBounded() {
        String greeting = "{\\\"jsonrpc\\\":\\\"2.0\\\",\\\"id\\\":1,\\\"result\\\":{\\\"protocolVersion\\\":\\\"2025-06-18\\\"}}";
        try (UpstreamWorld world = UpstreamWorld.open(folder, true,
                shell("head -c 1000000 /dev/zero >&2; yes loud | head -n 100000 >&2; read line; echo \"" + greeting
                        + "\"; read line; read line; echo nonsense; read line"))) {
            assertThat(world.status("child").lastError()).contains("not a JSON object");
        }
    }

    @Test
    void aChildThatNeitherReadsNorAnswersEndsWithTheDeadlineAndWithUs() {
        UpstreamConfig deaf = new UpstreamConfig("child",
                new Stdio(List.of("sh", "-c", "trap '' TERM; sleep 1000 & wait; wait"), null, Map.of(), Map.of()),
                Duration.ofMillis(500), 1 << 16, 4, null);
        Set<ProcessHandle> before = children();
        try (UpstreamWorld world = UpstreamWorld.open(folder, true, deaf)) {
            assertThat(world.status("child").lastError()).contains("no answer in time");
        }
        assertNoneAreLeftBut(before);
    }

    @Test
    void anUpstreamThatTakesAnIdempotencyKeyGetsOneForEachRequestOfEachAgent() throws IOException {
        try (FakeServer server = new FakeServer()) {
            UpstreamConfig plain = UpstreamWorld.http("fake", server.url());
            UpstreamConfig keyed = new UpstreamConfig("fake", plain.reach(), plain.timeout(), plain.maxBytes(), 4,
                    "example.com/key");
            try (UpstreamWorld world = UpstreamWorld.open(folder, true, keyed)) {
                String other = "0b".repeat(32);
                for (CallOptions options : List.of(options(UpstreamWorld.HOLDER, "r1"), options(other, "r1"),
                        options(UpstreamWorld.HOLDER, "r2"), options(UpstreamWorld.HOLDER, "r1"))) {
                    assertThat(world.upstreams.call(world.tool("fake/act"), JsonObject.EMPTY, options).join())
                            .isInstanceOf(ToolResult.class);
                }
                List<String> keys = server.messages("tools/call").stream().map(OtherServersTest::key).toList();
                assertThat(keys).hasSize(4).allMatch(key -> key.length() == 64 && !key.equals(UpstreamWorld.HOLDER));
                assertThat(keys.subList(0, 3)).doesNotHaveDuplicates();
                assertThat(keys.get(3)).isEqualTo(keys.get(0));
            }
        }
    }

    private static CallOptions options(String holder, String requestId) {
        return new CallOptions(holder, requestId, UpstreamWorld.PATIENCE, 1 << 19);
    }

    private static String key(JsonObject message) {
        JsonObject params = Objects.requireNonNull(message.object("params"));
        assertThat(params.object("arguments")).isEqualTo(JsonObject.EMPTY);
        JsonObject meta = Objects.requireNonNull(params.object("_meta"));
        return Objects.requireNonNull(meta.string("example.com/key"));
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().descendants().collect(Collectors.toSet());
    }

    /** A process that was told to end is still there for a moment. */
    private static void assertNoneAreLeftBut(Set<ProcessHandle> before) {
        for (ProcessHandle child : children()) {
            if (!before.contains(child)) {
                assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(30));
            }
        }
    }
}
