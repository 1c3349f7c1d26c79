package io.agentpassport.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where calls may go, as it is configured. */
class UpstreamsSectionTest {

    private static final DataFolder DATA = new DataFolder(Path.of("data"));

    private static UpstreamsConfig at(String url) {
        return ConfigFile.parse("upstreams:\n  allow_hosts: [mcp.example.com, \"localhost:3001\"]\n"
                + "  servers: {a: {url: \"" + url + "\"}}\n", DATA).upstreams();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example.com/mcp", "https://MCP.example.com:443/", "http://mcp.example.com/x",
        "http://localhost:3001/mcp"})
    void aServerIsAtAHostThatIsListed(String url) {
        assertThat(at(url).servers()).singleElement().satisfies(server -> assertThat(server.name()).isEqualTo("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/", "https://mcp.example.com:8443/", "http://localhost/mcp",
        "https://mcp.example.com.evil.example/", "https://a.mcp.example.com/", "https://127.0.0.1:3001/"})
    void noServerIsAtAnother(String url) {
        assertThatThrownBy(() -> at(url)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "upstreams.servers.a.url is at a host that upstreams.allow_hosts does not list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://mcp.example.com/", "file:///etc/passwd", "https://user:word@mcp.example.com/",
        "https://mcp.example.com/?key=1", "https://mcp.example.com/#x", "https:///x", "mcp.example.com"})
    void aUrlIsAHostAndAPathAndNothingElse(String url) {
        assertThatThrownBy(() -> at(url)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("upstreams.servers.a.url must be http:// or https://, a host and a path");
    }

    @Test
    void theExampleOfTheGuideIsRead() throws IOException {
        Matcher example = Pattern.compile("```yaml\n(upstreams:.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "upstreams.md")));
        assertThat(example.find()).isTrue();

        UpstreamsConfig read = ConfigFile.parse(example.group(1), DATA).upstreams();

        assertThat(read.servers()).extracting(UpstreamsConfig.UpstreamConfig::name)
                .containsExactly("tickets", "local", "files");
        assertThat(read.allowNetworks()).extracting(AddressRange::toString).containsExactly("127.0.0.1/32");
    }
}
