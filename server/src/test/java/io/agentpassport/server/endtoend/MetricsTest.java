package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service that is used tells on its management port. */
class MetricsTest {

    private static final Pattern NAME = Pattern.compile("^# TYPE (\\w+) ", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    @TempDir
    Path folder;

    @Test
    void countsWhatCallersDoUnderNothingThatTheyChose() throws Exception {
        try (TestServer service = TestServer.start(folder)) {
            AuthenticatedSession session = service.session(service.agent("agent:mallory-42"));
            session.end("over");
            service.anyone().trust().introduce();

            String figures = get(service, "/metrics");

            assertThat(figures)
                    .contains(
                            "passport_rpc_calls_total{code=\"OK\",method=\"agentpassport.v1.MutualAuthService/Attest\"} 1.0",
                            "passport_rpc_duration_seconds_count{method=\"agentpassport.v1.MutualAuthService/Hello\"} 1",
                            "passport_rpc_duration_seconds_bucket{method=\"agentpassport.v1.MutualAuthService/Hello\",le=\"10.0\"} 1",
                            "passport_sessions 1.0", "passport_ready 1.0",
                            "passport_partition_serving{partition=\"0001\"} 1.0")
                    .doesNotContain("mallory", "127.0.0.1");
            assertThat(values(figures, "method")).allMatch(
                    method -> method.equals("OTHER") || method.startsWith("agentpassport.v1."));
            assertThat(labels(figures)).isSubsetOf("method", "code", "reason", "partition", "what", "of", "state",
                    "certificate", "version", "commit", "java", "crypto", "le", "area", "id", "action", "cause", "gc");
        }
    }

    @Test
    void isReadyUntilItStops() throws Exception {
        try (TestServer service = TestServer.start(folder)) {
            assertThat(get(service, "/health/ready")).isEqualTo("{\"ready\":true,\"reasons\":[]}\n");
        }
    }

    @Test
    void theDocumentHasEveryFigureAndNoOther() throws Exception {
        try (TestServer service = TestServer.start(folder)) {
            service.session(service.agent("agent:alice"));
            Set<String> told = NAME.matcher(get(service, "/metrics"))
                    .results()
                    .map(found -> found.group(1))
                    // Of the collector that runs here, when it has run.
                    .filter(name -> !name.startsWith("jvm_gc_"))
                    .collect(Collectors.toCollection(TreeSet::new));
            List<String> documented = Pattern
                    .compile("^\\| `((?:passport|jvm|process|system)_\\w+)` \\|", Pattern.MULTILINE)
                    .matcher(Files.readString(Path.of("../docs/operations.md")))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !name.startsWith("jvm_gc_"))
                    .toList();

            assertThat(documented).containsExactlyInAnyOrderElementsOf(told);
        }
    }

    @Test
    void everyFigureThatTheDashboardAndTheDocumentAskForIsThere() throws Exception {
        try (TestServer service = TestServer.start(folder)) {
            service.session(service.agent("agent:alice"));
            Set<String> told = NAME.matcher(get(service, "/metrics"))
                    .results()
                    .flatMap(found -> Stream.of(found.group(1), found.group(1) + "_bucket"))
                    .collect(Collectors.toSet());

            for (Path file : List.of(Path.of("../deploy/grafana/agent-passport.json"),
                    Path.of("../docs/operations.md"))) {
                Set<String> asked = Pattern
                        .compile("\\b(?:passport|jvm|process)_[a-z_]+_[a-z]+\\b|\\bpassport_[a-z]+\\b")
                        .matcher(Files.readString(file))
                        .results()
                        .map(found -> found.group())
                        .filter(name -> !name.startsWith("jvm_gc_"))
                        .collect(Collectors.toSet());
                assertThat(told).as(file.toString()).containsAll(asked);
                assertThat(asked).hasSizeGreaterThan(20);
            }
        }
    }

    private static String get(TestServer service, String path) throws IOException, InterruptedException {
        int port = Objects.requireNonNull(service.server().managementPort());
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Set<String> labels(String figures) {
        return LABEL.matcher(figures).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static Set<String> values(String figures, String label) {
        return LABEL.matcher(figures)
                .results()
                .filter(found -> found.group(1).equals(label))
                .map(found -> found.group(2))
                .collect(Collectors.toSet());
    }
}
