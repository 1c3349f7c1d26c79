package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The service's clock. */
@Command(name = "clock", mixinStandardHelpOptions = true,
        description = "As an operator, say that the clock of a service is right.",
        footer = "  ${COMMAND-FULL-NAME} confirm")
final class ClockCommand {

    private final CliContext context;

    ClockCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "confirm", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME}",
            description = {
                "Have a service believe its clock, which was set forward by more than a minute: it issues, attests and"
                        + " calls nothing until somebody says so. Its clock must show the time of this machine's.",
                "One that was set back is believed again by itself once it is right. If the time before was wrong, stop the"
                        + " service and see 'repair --clock'."})
    int confirm(@Mixin AdminOptions at, @Mixin JsonOption to) {
        try (PassportClient client = at.openAsAdmin(context)) {
            Instant now = client.operations().confirmClock();
            to.print(context, JsonObject.builder().put("now", now.toString()).build(), "believed: it is " + now);
            return 0;
        }
    }
}
