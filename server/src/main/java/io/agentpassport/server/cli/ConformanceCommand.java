package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.cli.conformance.ProgramSubject;
import io.agentpassport.vectors.ConformanceRun;
import io.agentpassport.vectors.Report;
import io.agentpassport.vectors.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs vectors against this program, or against a running service. */
@Command(name = "conformance", mixinStandardHelpOptions = true, description = {
    "Run conformance vectors: against this program (its protocol library, its policies, its counters), or, with"
            + " --server, against a running service for what it serves (attests, sessions, bundles).",
    "",
    "Prints each failing vector with what was expected and what came, and closes with N passed, N failed; exit code 1"
            + " when any failed, and 2 when a path is not there or cannot be read."
}, footer = {"  ${COMMAND-FULL-NAME} conformance-vectors/suites",
    "  ${COMMAND-FULL-NAME} my-vectors.json --server localhost:7443"})
final class ConformanceCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files of vectors, or folders of them.")
    List<Path> paths = List.of();

    ConformanceCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw CommandFailure.unusable("there is no file or folder " + path);
            }
            if (!Files.isReadable(path)) {
                throw CommandFailure.unusable("cannot read " + path + "; may you?");
            }
        }
        ConformanceRun run = ConformanceRun.of(paths);
        Report report;
        if (service.isNamed()) {
            try (PassportClient client = service.openAsAdminIfPossible(context)) {
                report = run.against(new ServiceSubject(client.questions()));
            }
        } else {
            report = run.against(new ProgramSubject());
        }
        json.printText(context, document(report), report.text());
        return report.isOk() ? 0 : CommandFailure.REFUSED;
    }

    private static JsonObject document(Report report) {
        var failures = new ArrayList<JsonValue>();
        for (Result result : report.results()) {
            if (!result.passed()) {
                failures.add(JsonObject.builder()
                        .put("id", result.id())
                        .put("expected", result.expected())
                        .put("got", result.got())
                        .build());
            }
        }
        JsonObject.Builder notServed = JsonObject.builder();
        report.notServed().forEach((primitive, count) -> notServed.put(primitive, new JsonNumber(count)));
        return JsonObject.builder()
                .put("passed", (double) report.passed())
                .put("failed", (double) report.failed())
                .put("failures", new JsonArray(failures))
                .put("not_served", notServed.build())
                .build();
    }
}
