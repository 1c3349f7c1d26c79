package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.policy.PolicyParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PolicyScanTest {

    private static final Path SERVERS = Path.of("src/test/mcp-servers/node_modules").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void writesAPolicyThatIsValid() throws IOException {
        Path out = folder.resolve("policy.json");
        for (String server : new String[]{"agent-passport-system-mcp/build/bin.js",
            "@modelcontextprotocol/server-everything/dist/index.js"}) {
            JsonObject answer = Cli.alone()
                    .run("policy scan", "--json", "--out", out.toString(), "--", "node",
                            SERVERS.resolve(server).toString())
                    .json();

            assertThat(PolicyParser.parse(Files.readString(out))).isInstanceOf(PolicyParser.Parsed.class);
            JsonObject policy = Objects.requireNonNull(answer.object("policy"));
            assertThat(PolicyParser.of(policy)).isInstanceOf(PolicyParser.Parsed.class);
        }
    }

    @Test
    void asksForOneServer() {
        Cli.alone().run("policy scan").unusable("--url");
        Cli.alone().run("policy scan", "--url", "ftp://x").unusable("http");
        Cli.alone().run("policy scan", "--url", "http://x", "--allow-network", "y").unusable("network");
    }
}
