package io.agentpassport.server.crash;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.EdgedServer;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.config.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A service in a process of its own that ends itself as planned. Arguments: the data folder, the file of runs, the plan, the
 * protection that is off or a dash. It says a line of JSON once it serves, counts for its plan once it is told anything, and
 * ends when its input does.
 */
final class CrashingServer {

    private CrashingServer() {}

    /** Serves until it is killed, or its input ends. */
    public static void main(String[] args) throws IOException {
        EdgedServer.silenceLibraries();
        CrashPlan plan = CrashPlan.fromText(args[2]);
        PassportServer server = start(new DataFolder(Path.of(args[0])), plan, new RunFile(Path.of(args[1])),
                Protection.fromText(args[3]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        plan.serving();
        System.out.println(new String(Jcs.bytes(announcement(server)), StandardCharsets.UTF_8));
        System.out.flush();
        while (System.in.read() >= 0) {
            plan.arm();
        }
        System.exit(0);
    }

    static PassportServer start(DataFolder data, CrashPlan plan, RunFile runs, Protection off) {
        var edges = new CrashEdges(plan, runs);
        return EdgedServer.start(data, store -> off.store(edges.aboveTheAnchors(store)), edges::belowTheAnchors,
                tools -> off.tools(edges.counted(tools)));
    }

    static JsonObject announcement(PassportServer server) {
        return JsonObject.builder()
                .put("address", "localhost:" + server.port())
                .put("log_pubkey_hex", server.logKey().hex())
                .build();
    }
}
