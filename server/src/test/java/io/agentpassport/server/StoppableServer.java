package io.agentpassport.server;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.LedgerCheck;
import io.agentpassport.server.gateway.budget.LedgerEntry;
import io.agentpassport.server.gateway.call.CallRows;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A service in a process of its own that can be told to stop dead at a moment of a call's life: it says so, and does
 * nothing more of it until it is killed. Arguments: the data folder, the port (0 for any), a file that gets a line for each
 * run of a tool, before it runs. It reads commands, one a line, and answers each with a line of JSON.
 */
public final class StoppableServer {

    /** The moments of a call. */
    public enum Moment {
        /** It is decided, and nothing of that is on disk. */
        BEFORE_THE_DECISION_IS_WRITTEN,
        /** The decision is on disk, and nobody was told. */
        BEFORE_THE_DECISION_IS_ANSWERED,
        /** The tool is about to run. */
        BEFORE_THE_TOOL_RUNS,
        /** The tool ran, and nobody was told. */
        AFTER_THE_TOOL_RAN,
        /** The end is decided, and nothing of that is on disk. */
        BEFORE_THE_END_IS_WRITTEN,
        /** The end is on disk, and nobody was told. */
        BEFORE_THE_END_IS_ANSWERED
    }

    private static final PrintStream OUT = System.out;

    private static volatile @Nullable Moment moment;
    private static volatile String requestId = "";
    private static final AtomicInteger COMMITS = new AtomicInteger();

    private StoppableServer() {}

    /** Serves until it is killed, or its input ends. */
    public static void main(String[] args) throws IOException {
        LogConfigurator.silenceLibraries();
        var data = new DataFolder(Path.of(args[0]));
        NonceSource nonces = NonceSource.from(new SecureRandom());
        if (!data.isInitialised()) {
            var unused = new Setup(data, Service.at("passport://localhost"), List.of(), "admin").forDevelopment()
                    .create(Instant.now(), nonces);
        }
        ServerConfig config = ConfigFile.read(data.config(), data);
        Listen listen = config.listen();
        config = config.listening(new Listen(listen.host(), Integer.parseInt(args[1]), listen.names(), false, false))
                .forDevelopment();
        Path runs = Path.of(args[2]);
        PassportServer server = PassportServer.start(config, Instant::now, System::nanoTime, nonces,
                new PassportServer.Edges(Disk::new, tools -> new Running(tools, runs)));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            Runtime.getRuntime().halt(0);
        }));
        say(JsonObject.builder()
                .put("address", "localhost:" + server.port())
                .put("log_pubkey_hex", server.logKey().hex())
                .build());
        var setup = new GatewaySetup(server, Instant::now);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            say(answer(setup, line.split(" ", 3)));
        }
        // Whoever started it is gone, or is stopping it already.
        System.exit(0);
    }

    private static JsonObject answer(GatewaySetup setup, String[] words) {
        return switch (words[0]) {
            case "policy" -> JsonObject.builder().put("policy", setup.policy(words[1], words[2])).build();
            case "grant" -> {
                Grant grant = setup.grant(words[1], setup.terms("crash", words[2], "builtin/*"));
                yield JsonObject.builder()
                        .put("grant", grant.id().text())
                        .put("session", Objects.requireNonNull(grant.budgetSession()).text())
                        .build();
            }
            case "approve" -> JsonObject.builder()
                    .put("approved", setup.vote("bob", words[1], true) instanceof Approvals.Voted ? "yes" : "no")
                    .build();
            case "approval" -> JsonObject.builder().put("state", setup.approval(words[1]).stage().text()).build();
            case "ledger" -> ledger(setup.ledger(new BudgetSessionId(words[1])));
            case "stop" -> {
                requestId = words[2];
                COMMITS.set(0);
                moment = Moment.valueOf(words[1]);
                yield JsonObject.builder().put("will_stop", words[1]).build();
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static JsonObject ledger(List<LedgerEntry> ledger) {
        try {
            LedgerCheck.Sums sums = LedgerCheck.everyPrefix(ledger);
            return JsonObject.builder()
                    .put("used", sums.used().toPlainString())
                    .put("reserved", sums.reserved().toPlainString())
                    .build();
        } catch (AssertionError e) {
            return JsonObject.builder().put("fault", e.getMessage()).build();
        }
    }

    private static synchronized void say(JsonObject line) {
        OUT.println(new String(io.agentpassport.core.json.Jcs.bytes(line), StandardCharsets.UTF_8));
        OUT.flush();
    }

    private static void reached(Moment now) {
        if (now == moment) {
            say(JsonObject.builder().put("stopped", now.name()).build());
            while (true) {
                LockSupport.park();
            }
        }
    }

    /** The disk, which sees the call's row twice: with its decision, and with its end. */
    private static final class Disk extends ForwardingStore {

        Disk(PartitionStore store) {
            super(store);
        }

        @Override
        public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
            int times = moment != null && writes.stream().anyMatch(Disk::isOfTheCall) ? COMMITS.incrementAndGet() : 0;
            if (times == 1) {
                reached(Moment.BEFORE_THE_DECISION_IS_WRITTEN);
            } else if (times == 2) {
                reached(Moment.BEFORE_THE_END_IS_WRITTEN);
            }
            CommitResult result = super.commit(partition, guard, head, writes);
            if (times == 1) {
                reached(Moment.BEFORE_THE_DECISION_IS_ANSWERED);
            } else if (times == 2) {
                reached(Moment.BEFORE_THE_END_IS_ANSWERED);
            }
            return result;
        }

        private static boolean isOfTheCall(RowWrite write) {
            byte[] id = requestId.getBytes(StandardCharsets.US_ASCII);
            byte[] key = write.key();
            return write.keyspace() == CallRows.CALLS.id() && key.length > id.length
                    && Arrays.equals(Arrays.copyOfRange(key, key.length - id.length, key.length), id);
        }
    }

    /** The tools, and a list of what ran that outlives the process. */
    private record Running(Tools tools, Path runs) implements Tools {

        @Override
        public @Nullable Tool find(ToolName name) {
            return tools.find(name);
        }

        @Override
        public List<Tool> list() {
            return tools.list();
        }

        @Override
        public CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options) {
            boolean isTheCall = options.requestId().equals(requestId);
            if (isTheCall) {
                reached(Moment.BEFORE_THE_TOOL_RUNS);
            }
            try {
                Files.writeString(runs, options.requestId() + "\n", StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            CompletableFuture<ToolOutcome> run = tools.run(tool, params, options);
            return isTheCall ? run.whenComplete((outcome, failure) -> reached(Moment.AFTER_THE_TOOL_RAN)) : run;
        }
    }
}
