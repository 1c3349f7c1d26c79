package io.agentpassport.server.cli;

import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.certificate.EnrolmentLimits;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a join token. */
@Command(name = "join-token", mixinStandardHelpOptions = true, description = {
    "As an admin, make a one-time token with which somebody gets a certificate.",
    "",
    "The token is shown once. It is a secret until it is used: hand it over by a way you trust."
}, footer = "  ${COMMAND-FULL-NAME} --binding agent:bob --principal 'Shop Ltd' --ttl 5m")
final class JoinTokenCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdmissionOptions admission = new AdmissionOptions();

    @Option(names = "--ttl", paramLabel = "DURATION", converter = Durations.class,
            description = "How long it can be used, at most 10m. Default: 10m.")
    @Nullable
    Duration ttl;

    JoinTokenCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        admission.require();
        Bounds.duration("--ttl", ttl, EnrolmentLimits.MIN_LIFE, EnrolmentLimits.MAX_JOIN_TOKEN_LIFE);
        SubjectOptions subject = admission.subject;
        try (PassportClient client = admission.service.openAsAdmin(context)) {
            JoinToken token = client.certificates()
                    .createJoinToken(subject.role, subject.binding, subject.subjectId,
                            admission.enrolment.terms(subject.binding, context.clock()), ttl);
            String logKey = client.trust().logKey(token.audience(), token.publisher()).key().hex();
            JsonObject document = JsonObject.builder()
                    .put("join_token", token.text())
                    .put("audience", token.audience())
                    .put("publisher_pubkey_hex", token.publisher().hex())
                    .put("log_pubkey_hex", logKey)
                    .build();
            var lines = new ArrayList<String>(List.of("join token   " + token.text(),
                    "audience     " + token.audience(),
                    "publisher    " + token.publisher().hex() + " (verifies the service's trust bundles)",
                    "log key      " + logKey + " (verifies its receipts)"));
            if (subject.role == Role.AGENT) {
                lines.addAll(admission.enrolment.told(subject.binding));
            }
            lines.addAll(List.of("",
                    "Its holder types, with the service's CA certificate in ca.pem:",
                    "  " + context.program() + " issue --server " + admission.service.address(context)
                            + " --ca ca.pem" + (subject.role == Role.AGENT ? "" : " --role " + subject.role.text())
                            + " --binding " + CliContext.quoted(subject.binding) + " \\",
                    "      --key agent.key --out agent.json --join-token " + token.text() + " \\",
                    "      --audience " + CliContext.quoted(token.audience()) + " --publisher "
                            + token.publisher().hex()));
            admission.json.print(context, document, lines.toArray(new String[0]));
            return 0;
        }
    }
}
