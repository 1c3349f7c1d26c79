package io.agentpassport.server.cli;

import io.agentpassport.client.Judgement;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Questions;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.session.SessionDerivation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Derives a session record from two attests. */
@Command(name = "derive-session", mixinStandardHelpOptions = true, description = {
    "Derive the session record of two attests, after verifying both. Exit code 0 when there is a session, 1 when there is"
            + " none.",
    "",
    "A session begins now, or at --now, and lasts as long as the policy allows, 8h unless it says otherwise; a policy"
            + " without max_session_ms allows as long as both certificates. It ends with the first certificate that ends,"
            + " but for --derivation-only, which looks at no certificate's end.",
    "",
    "Here and at the service (--ask-service) the record is the same, byte for byte, for the same --now and --policy. Name"
            + " both to compare: without, each takes its own clock, and the service the policy of its configuration."
}, footer = {"  ${ROOT-COMMAND-NAME} handshake --key agent-alice.key --identity agent-alice.json --save shaken",
    "  ${COMMAND-FULL-NAME} shaken/agent-attest.json shaken/service-attest.json --anchors shaken/bundle.json"})
final class DeriveSessionCommand implements Callable<Integer> {

    private static final JsonParser RECORD = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final CliContext context;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JudgementOptions judgement = new JudgementOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Parameters(index = "0", paramLabel = "AGENT_ATTEST", description = "The agent's attest, a JSON file.")
    Path agentAttest = Path.of("");

    @Parameters(index = "1", paramLabel = "SYSTEM_ATTEST", description = "The information system's, a JSON file.")
    Path systemAttest = Path.of("");

    @Option(names = "--derivation-only", description = "Verify nothing: for who has verified both attests already.")
    boolean derivationOnly;

    DeriveSessionCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return judgement.askService ? askService() : derive();
    }

    private int askService() {
        try (PassportClient client = service.openAsAdmin(context)) {
            Judgement by = judgement.forService(context);
            byte[] agent = Documents.signedBytes(context, agentAttest);
            byte[] system = Documents.signedBytes(context, systemAttest);
            Questions.Derivation answer = derivationOnly
                    ? client.questions().deriveOnly(agent, system, by)
                    : client.questions().deriveSession(agent, system, by, by, by);
            return switch (answer) {
                case Questions.Derived derived ->
                    derived(((JsonParser.Parsed) RECORD.parse(derived.sessionJson())).object());
                case Questions.NotDerived none -> refused(none.failure());
            };
        }
    }

    private int derive() {
        MutualAuthPolicy policy = judgement.localPolicy(context);
        var agent = new Attest(Documents.object(context, agentAttest));
        var system = new Attest(Documents.object(context, systemAttest));
        double now = judgement.nowMillis(context.clock());
        SessionDerivation.Outcome outcome;
        if (derivationOnly) {
            outcome = SessionDerivation.derive(agent, system, policy.maxSessionMillis(), now);
        } else {
            var verifier = new AttestVerifier(policy, judgement.localAnchors(context), CertificateVerifier.DIRECT);
            outcome = SessionDerivation.deriveVerified(agent, system, verifier, verifier, policy.maxSessionMillis(),
                    now);
        }
        return switch (outcome) {
            case SessionDerivation.Derived derived -> derived(derived.session().json());
            case SessionDerivation.Refused refused -> refused(refused.failure());
        };
    }

    private int derived(JsonObject session) {
        JsonObject document = JsonObject.builder().put("ok", JsonBoolean.TRUE).put("session", session).build();
        json.print(context, document, new String(Jcs.bytes(session), StandardCharsets.UTF_8));
        return 0;
    }

    private int refused(Failure failure) {
        JsonObject.Builder document = JsonObject.builder()
                .put("ok", JsonBoolean.FALSE)
                .put("reason", failure.reason().text());
        if (failure.detail() != null) {
            document.put("detail", failure.detail());
        }
        json.print(context, document.build(), "no session: " + failure);
        return 1;
    }
}
