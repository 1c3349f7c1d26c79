package io.agentpassport.server.cli;

import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a join token. */
@Command(name = "join-token", mixinStandardHelpOptions = true, sortOptions = false,
        description = "As an admin, make a one-time token with which somebody gets a certificate.",
        footer = {"", "The token is shown once. It is a secret until it is used: hand it over by a way you trust.",
            "", "  passport join-token --binding agent:shopper --principal 'Shop Ltd' --ttl 5m"})
final class JoinTokenCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    ServerOptions service = new ServerOptions();

    @Mixin
    SubjectOptions subject = new SubjectOptions();

    @Mixin
    EnrolmentOptions enrolment = new EnrolmentOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Option(names = "--ttl", paramLabel = "DURATION", converter = Durations.class,
            description = "how long it can be used, at most 600s (default: 600s)")
    @Nullable
    Duration ttl;

    JoinTokenCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (PassportClient client = service.openAsAdmin(context)) {
            JoinToken token = client.certificates()
                    .createJoinToken(subject.role, subject.binding, subject.subjectId,
                            enrolment.terms(context.clock(), "admin"),
                            ttl);
            JsonObject document = JsonObject.builder()
                    .put("join_token", token.text())
                    .put("audience", token.audience())
                    .put("publisher_pubkey_hex", token.publisher().hex())
                    .build();
            json.print(context, document, "join token  " + token.text(), "audience    " + token.audience(),
                    "publisher   " + token.publisher().hex(), "",
                    "Its holder types, with the service's CA certificate at hand:",
                    "  ./passport issue --server " + service.address(context) + " --ca ca.pem --role "
                            + subject.role.text()
                            + " --binding " + subject.binding + " \\",
                    "      --key agent.key --out agent.json --join-token " + token.text() + " \\",
                    "      --audience " + token.audience() + " --publisher " + token.publisher().hex());
            return 0;
        }
    }
}
