package io.agentpassport.server.upstream;

import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Servers of the Model Context Protocol that others wrote, installed by npm. */
final class OtherServers {

    private static final Path INSTALLED = Path.of("src/test/mcp-servers/node_modules").toAbsolutePath();

    /** The reference server: a tool of every kind, and requests of its own. */
    static final String EVERYTHING = "@modelcontextprotocol/server-everything/dist/index.js";
    /** Reads and writes files in folders that it is given. */
    static final String FILESYSTEM = "@modelcontextprotocol/server-filesystem/dist/index.js";
    /** Tools of the passport protocol. */
    static final String PASSPORT = "agent-passport-system-mcp/build/bin.js";

    private OtherServers() {}

    /** A server as a child process. */
    static Stdio stdio(String script, String... arguments) {
        return new Stdio(command(script, arguments), null, Map.of("HOME", "/nonexistent"), Map.of());
    }

    private static List<String> command(String script, String... arguments) {
        Path file = INSTALLED.resolve(script);
        if (!Files.exists(file)) {
            throw new AssertionError(file + " is missing; with Node 20 or newer run:"
                    + " npm ci --prefix server/src/test/mcp-servers --ignore-scripts");
        }
        return Stream.concat(Stream.of("node", file.toString()), Stream.of(arguments)).toList();
    }

    /** The reference server over Streamable HTTP, on a free port of loopback. */
    static final class OverHttp implements AutoCloseable {
        private final Process process;
        private final int port;

        OverHttp() throws IOException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            var builder = new ProcessBuilder(new ArrayList<>(command(EVERYTHING, "streamableHttp")))
                    .redirectErrorStream(true);
            builder.environment().put("PORT", Integer.toString(port));
            process = builder.start();
            var said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.contains("listening")) {
                    Thread.ofVirtual().start(() -> said.lines().forEach(unused -> {}));
                    return;
                }
            }
            throw new AssertionError("the server ended before it listened");
        }

        String url() {
            return "http://127.0.0.1:" + port + "/mcp";
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
