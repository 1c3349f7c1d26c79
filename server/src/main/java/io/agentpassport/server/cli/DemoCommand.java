package io.agentpassport.server.cli;

import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.LogConfigurator;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.Setup;
import io.agentpassport.server.audit.LogDatabase;
import io.agentpassport.server.audit.LogReport;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.config.ServerConfig.Log;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.store.PartitionId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the main job on this machine, from an empty folder to a refused attack. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
    "Show the main job: a server, two certificates, a handshake with one session id on both sides, attacks that are"
            + " refused, and tool calls that are allowed, denied, limited, charged, approved and proven. Everything runs"
            + " on this machine, over TLS on loopback, and takes a few seconds. Exit code 0 when all went as it should."
}, footer = {"  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} --keep"})
final class DemoCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(names = "--keep", description = "Leave the data folder there afterwards.")
    boolean keep;

    DemoCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Path made;
        try (TemporaryFolder folder = TemporaryFolder.make("passport-demo-", keep)) {
            made = folder.path();
            run(new DataFolder(made.resolve("data")), folder);
        }
        context.out().println();
        context.out().println("All of it went as it should.");
        context.out()
                .println(keep
                        ? "The server is stopped; its data is still in " + made
                        : "The server is stopped and its folder removed.");
        context.out().println("Next: " + context.program() + " server --dev");
        return 0;
    }

    private void run(DataFolder data, TemporaryFolder folder) {
        folder.with(() -> {
            var unused = new Setup(data, Service.at("passport://localhost"), List.of(), "admin")
                    .create(context.clock().instant(), context.nonces());
        });
        ServerConfig read = ConfigFile.read(data.config(), data);
        Listen listen = read.listen();
        ServerConfig config = read
                .listening(new Listen("127.0.0.1", 0, listen.names(), false, false))
                .logging(new Log(read.log().format(), Log.Level.WARN))
                .forDevelopment();
        LogConfigurator.use(config.log());
        var story = new Storyteller(context.out());
        PassportServer server = folder.running(
                () -> PassportServer.start(config, context.clock(), context.ticker(), context.nonces()),
                PassportServer::close);
        var logKey = new LogKey(config.service().binding(), server.logKey());
        new DemoStory(context, config, server.port(), logKey, story).tell();
        folder.stop();
        folder.with(() -> verifyLog(data, logKey, story));
    }

    private static void verifyLog(DataFolder data, LogKey logKey, Storyteller story) {
        story.chapter("The service is stopped, and its log is verified without it");
        try (LogDatabase logs = LogDatabase.open(data.database())) {
            for (PartitionId partition : logs.partitions()) {
                LogReport report = logs.verify(partition, logKey, null);
                Storyteller.require(report.isSound(), "the log must verify, but: " + report.faults());
                story.fact("log " + partition, Counted.entries(report.entries()) + ", every one in its place, root "
                        + report.root());
            }
        }
    }
}
