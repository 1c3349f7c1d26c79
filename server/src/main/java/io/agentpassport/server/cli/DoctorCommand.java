package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.cli.Diagnosis.Finding;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at all that commonly is in the way of a service. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
    "Look at all that is commonly wrong when a service does not start or cannot be reached: this machine, the data folder,"
            + " the certificates, the configuration, and the running service. Changes nothing.",
    "Run it as the user that runs the service, on its machine; elsewhere it looks at what can be seen from there. Exit code 1"
            + " when something fails."
}, footer = {"  ${COMMAND-FULL-NAME} --data /var/lib/passport",
    "  ${COMMAND-FULL-NAME} --server passport.example:7443 --ca ca.pem --json"})
final class DoctorCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdminOptions at = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    DoctorCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var diagnosis = new Diagnosis();
        MachineChecks.run(diagnosis, at.data.of(context));
        var folder = new FolderChecks(context, at.data.of(context), diagnosis);
        folder.run();
        new ServiceChecks(context, at, folder.listen(), folder.isInUse(), diagnosis).run();
        List<Finding> findings = diagnosis.findings();
        long warnings = findings.stream().filter(finding -> finding.grade() == Diagnosis.Grade.WARN).count();
        long failures = findings.stream().filter(finding -> finding.grade() == Diagnosis.Grade.FAIL).count();
        json.print(context, JsonObject.builder()
                .put("ok", JsonBoolean.of(!diagnosis.hasFailed()))
                .put("findings", new JsonArray(findings.stream().<JsonValue>map(Finding::json).toList()))
                .build(),
                Stream.concat(findings.stream().map(Finding::line),
                        Stream.of(failures + " failed, " + warnings + " to look at")).toArray(String[]::new));
        return diagnosis.hasFailed() ? CommandFailure.REFUSED : 0;
    }
}
