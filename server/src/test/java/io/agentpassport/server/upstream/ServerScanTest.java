package io.agentpassport.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.config.UpstreamsConfig.Reach;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.upstream.ToolRisk.Kind;
import io.agentpassport.server.upstream.ToolRisk.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ServerScanTest {

    @TempDir
    Path folder;

    private static ToolRisk risk(String name, String more) {
        return risk(name, "{}", more);
    }

    private static ToolRisk risk(String name, String schema, String more) {
        String json = "{\"name\":\"" + name + "\",\"inputSchema\":" + schema + more + "}";
        var parsed = (JsonParser.Parsed) JsonParser.with(JsonLimits.SIGNED_DOCUMENT)
                .parse(json.getBytes(StandardCharsets.UTF_8));
        return ToolRisk.of(((ToolDefinition.Read) ToolDefinition.read(parsed.object())).definition());
    }

    @ParameterizedTest
    @CsvSource({"read_file,READ,LOW", "listCharges,READ,LOW", "search-issues,READ,LOW", "get_delete_log,READ,LOW",
        "write_file,WRITE,MEDIUM", "createIssue,WRITE,MEDIUM", "delete_repo,DESTRUCTIVE,HIGH",
        "bulkDeleteUsers,DESTRUCTIVE,HIGH", "create_charge,FINANCIAL,HIGH", "transfer,FINANCIAL,HIGH",
        "run_command,EXECUTE,HIGH", "execute_sql,EXECUTE,HIGH", "frobnicate,WRITE,MEDIUM"})
    void judgesAToolByItsName(String name, Kind kind, Level level) {
        assertThat(risk(name, "")).satisfies(judged -> {
            assertThat(judged.kind()).isEqualTo(kind);
            assertThat(judged.level()).isEqualTo(level);
            assertThat(judged.reason()).isNotEmpty();
        });
    }

    @Test
    void aHintOfTheServerMakesAToolLookWorseButNeverBetter() {
        assertThat(risk("delete_repo", ",\"annotations\":{\"readOnlyHint\":true}").kind()).isEqualTo(Kind.DESTRUCTIVE);
        assertThat(risk("frobnicate", ",\"annotations\":{\"destructiveHint\":true}").kind())
                .isEqualTo(Kind.DESTRUCTIVE);
        assertThat(risk("frobnicate", ",\"annotations\":{\"readOnlyHint\":true}"))
                .satisfies(judged -> {
                    assertThat(judged.kind()).isEqualTo(Kind.READ);
                    assertThat(judged.level()).isEqualTo(Level.MEDIUM);
                });
    }

    @Test
    void judgesAToolByItsArgumentsAndItsDescription() {
        assertThat(risk("get_page", "{\"properties\":{\"id\":{}}}", "").level()).isEqualTo(Level.LOW);
        assertThat(risk("get_page", "{\"properties\":{\"url\":{}}}", "").level()).isEqualTo(Level.MEDIUM);
        assertThat(risk("get_page", "{\"properties\":{\"sql\":{}}}", "").kind()).isEqualTo(Kind.EXECUTE);
        assertThat(risk("update", "{\"properties\":{\"amount\":{},\"currency\":{}}}", "").kind())
                .isEqualTo(Kind.FINANCIAL);
        assertThat(risk("frobnicate", ",\"description\":\"Deletes the account.\"").kind()).isEqualTo(Kind.DESTRUCTIVE);
        assertThat(risk("frobnicate", ",\"description\":\"Returns a list of things.\"").kind()).isEqualTo(Kind.READ);
    }

    private static ServerScan scan(Reach reach) {
        var outcome = ServerScan.of(UpstreamWorld.server("scan", reach), List.of(), System.getenv(), System::nanoTime);
        assertThat(outcome).isInstanceOf(ServerScan.Scanned.class);
        return ((ServerScan.Scanned) outcome).scan();
    }

    @Test
    void writesAPolicyForTheFileServer() {
        ServerScan scan = scan(OtherServers.stdio(OtherServers.FILESYSTEM, folder.toString()));
        Map<String, Kind> kinds = new TreeMap<>();
        scan.tools().forEach((name, judged) -> kinds.put(name, judged.risk().kind()));
        assertThat(kinds).containsEntry("read_text_file", Kind.READ)
                .containsEntry("list_directory", Kind.READ)
                .containsEntry("write_file", Kind.DESTRUCTIVE)
                .containsEntry("create_directory", Kind.WRITE);

        JsonObject policy = scan.startingPolicy("files/");

        JsonObject tools = Objects.requireNonNull(policy.object("tools"));
        assertThat(policy.string("default")).isEqualTo("deny");
        assertThat(tools.size()).isEqualTo(scan.tools().size());
        assertThat(tools.object("files/read_text_file")).isEqualTo(JsonObject.EMPTY);
        assertThat(Objects.requireNonNull(tools.object("files/write_file")).string("action")).isEqualTo("deny");
        assertThat(tools.object("files/create_directory")).satisfies(entry -> assertThat(entry.has("limits")).isTrue());
    }

    @Test
    void saysWhyAServerCannotBeScanned() {
        var missing = new Stdio(List.of("/nonexistent/server"), null,
                Map.of(), Map.of());
        assertThat(ServerScan.of(UpstreamWorld.server("scan", missing), List.of(), Map.of(), System::nanoTime))
                .isInstanceOfSatisfying(ServerScan.Unreachable.class,
                        not -> assertThat(not.problem()).contains("cannot be started"));
    }
}
