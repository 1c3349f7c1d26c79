package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.config.AddressRange;
import io.agentpassport.server.config.UpstreamsConfig.Credential;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.config.UpstreamsConfig.InFile;
import io.agentpassport.server.config.UpstreamsConfig.Reach;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.upstream.ServerScan;
import io.agentpassport.server.upstream.ToolRisk;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at a server of the Model Context Protocol, and writes a policy to begin with. */
@Command(name = "scan", mixinStandardHelpOptions = true,
        description = {
            "Connect to a server of the Model Context Protocol, say of each of its tools what it seems to do,"
                    + " and write a policy to begin with: what reads is allowed, what writes is allowed 30 times a minute,"
                    + " what runs code or moves money needs a person's approval, what destroys is denied.",
            "What a server says of its tools is its word; look the policy over before you use it."},
        footer = {"  ${COMMAND-FULL-NAME} --url https://mcp.example.com/mcp --token-file token",
            "  ${COMMAND-FULL-NAME} --out files.json -- npx -y @modelcontextprotocol/server-filesystem /srv/files"})
final class PolicyScanCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_BYTES = JsonLimits.TRUST_BUNDLE.maxBytes();

    private final CliContext context;

    @Mixin
    JsonOption json = new JsonOption();

    @Option(names = "--url", paramLabel = "URL", description = "Where the server is, over Streamable HTTP.")
    @Nullable
    String url;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "The bearer token that it asks for; a file that nobody else may read.")
    @Nullable
    Path token;

    @Option(names = "--allow-network", paramLabel = "NETWORK",
            description = "A private network that may be connected to, such as 10.1.0.0/16; may be repeated"
                    + ". Default: this machine.")
    List<String> networks = List.of("127.0.0.0/8", "::1/128");

    @Option(names = "--upstream", paramLabel = "NAME",
            description = "Write the tools as NAME/TOOL, for a policy of several upstreams.")
    @Nullable
    String upstream;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the policy there.")
    @Nullable
    Path out;

    @Parameters(paramLabel = "COMMAND", arity = "0..*",
            description = "The server's command and its arguments, after --; it sees PATH and HOME.")
    List<String> command = List.of();

    PolicyScanCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (upstream != null && !ToolName.isUpstream(upstream)) {
            throw CommandFailure.unusable("--upstream is 1 to 64 of a-z 0-9 -");
        }
        var server = new UpstreamConfig("scan", reach(), TIMEOUT, MAX_BYTES, 1, null);
        ServerScan scan = switch (ServerScan.of(server, networks(), context.environment(), context.ticker())) {
            case ServerScan.Unreachable not -> throw CommandFailure.unusable("the server cannot be scanned: "
                    + not.problem());
            case ServerScan.Scanned scanned -> scanned.scan();
        };
        JsonObject policy = scan.startingPolicy(upstream == null ? "" : upstream + "/");
        String text = JsonText.indented(policy);
        if (out != null) {
            Files.writeString(out, text + "\n", StandardCharsets.UTF_8);
        }
        print(scan, policy, text);
        return 0;
    }

    private void print(ServerScan scan, JsonObject policy, String text) {
        var answers = new ArrayList<JsonValue>();
        var lines = new ArrayList<String>();
        scan.tools().forEach((name, judged) -> {
            ToolRisk risk = judged.risk();
            answers.add(JsonObject.builder()
                    .put("name", name)
                    .put("class", risk.kind().text())
                    .put("risk", risk.level().text())
                    .put("reason", risk.reason())
                    .put("definition_digest", judged.definition().digest())
                    .build());
            lines.add("%-6s %-11s %-40s %s".formatted(risk.level().text(), risk.kind().text(), name,
                    risk.reason()));
        });
        scan.unfit().forEach(problem -> lines.add("left out: " + problem));
        lines.add("");
        if (out == null) {
            text.lines().forEach(lines::add);
        } else {
            lines.add("policy     " + out);
        }
        json.print(context, JsonObject.builder()
                .put("tools", new JsonArray(answers))
                .put("left_out", scan.unfit())
                .put("policy", policy)
                .build(), lines.toArray(new String[0]));
    }

    private Reach reach() {
        if ((url == null) == command.isEmpty()) {
            throw CommandFailure.unusable("name the server by --url URL, or by its command after --");
        }
        if (url == null) {
            String home = context.environment().get("HOME");
            return new Stdio(command, null, home == null ? Map.of() : Map.of("HOME", home), Map.of());
        }
        Credential credential = token == null ? null : new InFile(token);
        try {
            URI target = new URI(url);
            if (target.getHost() == null || target.getRawUserInfo() != null
                    || !("http".equals(target.getScheme()) || "https".equals(target.getScheme()))) {
                throw CommandFailure.unusable("--url is http:// or https://, without a user");
            }
            return new Http(target, "Authorization", "Bearer", credential);
        } catch (URISyntaxException e) {
            throw CommandFailure.unusable("--url is no URL: " + url, e);
        }
    }

    private List<AddressRange> networks() {
        var ranges = new ArrayList<AddressRange>();
        for (String text : networks) {
            AddressRange range = AddressRange.fromText(text);
            if (range == null) {
                throw CommandFailure.unusable("--allow-network " + text + " " + AddressRange.problem(text));
            }
            ranges.add(range);
        }
        return ranges;
    }
}
