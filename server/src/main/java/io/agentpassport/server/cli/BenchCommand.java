package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.ServiceIntroduction;
import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.cli.bench.Bench;
import io.agentpassport.server.cli.bench.BenchResult;
import io.agentpassport.server.cli.bench.Channels;
import io.agentpassport.server.cli.bench.IssueLoad;
import io.agentpassport.server.cli.bench.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a service over gRPC. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = {
    "Measure a service over gRPC with mutual TLS: how much it does in a second, and how long an answer takes. Without"
            + " --server it starts one of its own on this machine, in a folder that is removed afterwards.",
    "",
    "Rates are medians of slices after a warm-up. Server and generator share this machine: \"cores\" says how much of it"
            + " each used. With --rate operations begin at a fixed rate, and a stall shows in full."
}, footer = {"  ${COMMAND-FULL-NAME}",
    "  ${COMMAND-FULL-NAME} issue --in-flight 1,32,128 --json",
    "  ${COMMAND-FULL-NAME} toolcalls",
    "  ${COMMAND-FULL-NAME} handshake --rate 500"})
final class BenchCommand implements Callable<Integer> {

    /** The loads there are, in the order in which they run. */
    enum Kind {
        ISSUE, HANDSHAKE, VERIFY_ATTEST, TOOLCALLS, TOOLCALLS_HOT, TOOLCALLS_STREAM, TOOLCALLS_STREAM_HOT;

        private static final List<Kind> ALL_TOOLCALLS = List.of(TOOLCALLS, TOOLCALLS_HOT, TOOLCALLS_STREAM,
                TOOLCALLS_STREAM_HOT);

        /** What a name on the command line asks for. */
        static List<Kind> named(String name) {
            return name.equalsIgnoreCase("toolcalls") ? ALL_TOOLCALLS : List.of(of(name));
        }

        boolean isToolCalls() {
            return ALL_TOOLCALLS.contains(this);
        }

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.name().equalsIgnoreCase(name.replace('-', '_'))) {
                    return kind;
                }
            }
            throw CommandFailure.unusable("a load is issue, handshake, verify-attest, toolcalls, toolcalls-hot,"
                    + " toolcalls-stream or toolcalls-stream-hot, not " + name);
        }
    }

    private final CliContext context;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Parameters(arity = "0..*", paramLabel = "LOAD",
            description = "What to measure: issue, handshake, verify-attest, toolcalls (all that follow),"
                    + " toolcalls-hot (of one agent), toolcalls-stream, toolcalls-stream-hot. Default: all.")
    List<String> loads = List.of();

    @Option(names = "--in-flight", split = ",", paramLabel = "N",
            description = "How many operations are under way at once, 1 to 2048; several are measured one after another."
                    + " Default: 128, and 1,32,128,256 for tool calls.")
    @Nullable
    List<Integer> inFlight;

    @Option(names = "--rate", split = ",", paramLabel = "N",
            description = "Measure at these fixed rates a second instead, 1 to 100000.")
    @Nullable
    List<Integer> rates;

    @Option(names = "--identities", paramLabel = "N", defaultValue = "1000",
            description = "How many agents take turns, 1 to 100000. Default: ${DEFAULT-VALUE}.")
    int identities;

    @Option(names = "--warm-up", paramLabel = "DURATION", converter = Durations.class, defaultValue = "10s",
            description = "How long it runs before it is measured. Default: ${DEFAULT-VALUE}.")
    Duration warmUp = Duration.ZERO;

    @Option(names = "--slices", paramLabel = "N", defaultValue = "5",
            description = "How many slices are measured, 1 to 100. Default: ${DEFAULT-VALUE}.")
    int slices;

    @Option(names = "--slice", paramLabel = "DURATION", converter = Durations.class, defaultValue = "2s",
            description = "How long each slice is, 100ms to 10m. Default: ${DEFAULT-VALUE}.")
    Duration slice = Duration.ZERO;

    BenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        require(inFlight == null || inFlight.stream().allMatch(n -> n >= 1 && n <= 2_048), "--in-flight is 1 to 2048");
        require(rates == null || rates.stream().allMatch(n -> n >= 1 && n <= 100_000), "--rate is 1 to 100000");
        require(identities >= 1 && identities <= 100_000, "--identities is 1 to 100000");
        require(slices >= 1 && slices <= 100, "--slices is 1 to 100");
        require(slice.toMillis() >= 100 && slice.toMinutes() <= 10, "--slice is 100ms to 10m");
        List<Kind> kinds = loads.isEmpty() ? List.of(Kind.values())
                : loads.stream().flatMap(name -> Kind.named(name).stream()).distinct().toList();
        if (service.isNamed()) {
            return measure(kinds, service, () -> null);
        }
        try (TemporaryFolder folder = TemporaryFolder.make("passport-bench-", false)) {
            BenchServer own = BenchServer.start(context, folder);
            var options = new AdminOptions();
            options.server = own.address();
            options.data.folder = own.data();
            return measure(kinds, options, own::cpu);
        }
    }

    private int measure(List<Kind> kinds, AdminOptions at, Supplier<@Nullable Duration> serverCpu) throws IOException {
        var results = new ArrayList<BenchResult>();
        var bench = new Bench(context.ticker(), serverCpu, warmUp, slices, slice);
        int most = kinds.stream().flatMap(kind -> inFlight(kind).stream()).mapToInt(Integer::intValue).max().orElse(1);
        AdminOptions.Endpoint endpoint = at.of(context);
        try (PassportClient client = at.openAsAdmin(context);
                Channels channels = Channels.open(endpoint.host(), endpoint.port(), endpoint.ca(),
                        endpoint.certificate(), endpoint.key(), rates == null ? most : 2_048)) {
            ServiceIntroduction introduced = client.trust().introduce();
            TrustAnchors anchors = client.trust().verified(introduced.publisher()).trustAnchors();
            List<Signer> keys = IntStream.range(0, identities)
                    .mapToObj(i -> Signer.fromSeed(context.nonces().bytes(Signer.SEED_BYTES)))
                    .toList();
            var issue = new IssueLoad(channels, introduced.audience(), keys, context.clock(), context.nonces());
            say("machine      " + Runtime.getRuntime().availableProcessors() + " cores, Java " + Runtime.version()
                    + ", Ed25519 by " + Ed25519.providerName());
            say(BenchResult.head());
            var prepared = new BenchLoads(issue, channels, introduced.audience(), anchors, context);
            for (Kind kind : kinds) {
                run(bench, kind, prepared.load(kind), results);
            }
        }
        if (json.isAsked()) {
            JsonOption.print(context.out(), document(results));
        }
        return results.stream().allMatch(result -> result.failed() == 0) ? 0 : CommandFailure.REFUSED;
    }

    private List<Integer> inFlight(Kind kind) {
        return inFlight != null ? inFlight : kind.isToolCalls() ? List.of(1, 32, 128, 256) : List.of(128);
    }

    private void run(Bench bench, Kind kind, Load load, List<BenchResult> results) {
        if (rates != null) {
            for (int rate : rates) {
                add(bench.open(load, rate), results);
            }
            return;
        }
        for (int many : inFlight(kind)) {
            add(bench.closed(load, many), results);
        }
    }

    private void add(BenchResult result, List<BenchResult> results) {
        results.add(result);
        say(result.row());
    }

    private void say(String line) {
        if (!json.isAsked()) {
            context.out().println(line);
            context.out().flush();
        }
    }

    private static JsonObject document(List<BenchResult> results) {
        List<JsonValue> rows = results.stream().<JsonValue>map(BenchResult::json).toList();
        return JsonObject.builder()
                .put("ed25519_provider", Ed25519.providerName())
                .put("cores", (double) Runtime.getRuntime().availableProcessors())
                .put("java", Runtime.version().toString())
                .put("results", new JsonArray(rows))
                .build();
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw CommandFailure.unusable(rule);
        }
    }
}
