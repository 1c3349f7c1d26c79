package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges an attest. */
@Command(name = "verify-attest", mixinStandardHelpOptions = true, description = {
    "Say whether an attest is to be believed, and if not, why. Exit code 0 when it is, 1 when it is not.",
    "",
    "handshake --save writes attests, and says with which nonces each can be verified. An attest is fresh for a minute;"
            + " --now asks what the answer was at another time."
}, footer = {"  ${ROOT-COMMAND-NAME} handshake --key agent-alice.key --identity agent-alice.json --save shaken",
    "  ${COMMAND-FULL-NAME} shaken/agent-attest.json --anchors shaken/bundle.json \\",
    "      --peer-nonce … --own-nonce …",
    "  ${COMMAND-FULL-NAME} shaken/agent-attest.json --ask-service --peer-nonce … --own-nonce …"})
final class VerifyAttestCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JudgementOptions judgement = new JudgementOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Parameters(paramLabel = "ATTEST", description = "The attest, a JSON file; - for standard input.")
    Path attest = Path.of("");

    @Option(names = "--peer-nonce", required = true, paramLabel = "BASE64",
            description = "The nonce that it must answer: the verifier's.")
    String peerNonce = "";

    @Option(names = "--own-nonce", required = true, paramLabel = "BASE64",
            description = "The attesting party's own nonce, as its hello or attest named it.")
    String ownNonce = "";

    VerifyAttestCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Failure failure = judgement.askService ? askService() : judge();
        print(failure);
        return failure == null ? 0 : 1;
    }

    private @Nullable Failure askService() {
        try (PassportClient client = service.openAsAdmin(context)) {
            return client.questions()
                    .verifyAttest(Documents.signedBytes(context, attest), peerNonce, ownNonce,
                            judgement.forService(context));
        }
    }

    private @Nullable Failure judge() {
        var verifier = new AttestVerifier(judgement.localPolicy(context), judgement.localAnchors(context),
                CertificateVerifier.DIRECT);
        AttestVerifier.Verdict verdict = verifier.verify(new Attest(Documents.object(context, attest)),
                new AttestVerifier.ExpectedNonces(peerNonce, ownNonce), judgement.nowMillis(context.clock()));
        return verdict instanceof AttestVerifier.Refused refused ? refused.failure() : null;
    }

    private void print(@Nullable Failure failure) {
        JsonObject.Builder document = JsonObject.builder().put("ok", JsonBoolean.of(failure == null));
        if (failure != null) {
            document.put("reason", failure.reason().text());
            if (failure.detail() != null) {
                document.put("detail", failure.detail());
            }
        }
        json.print(context, document.build(), failure == null ? "ok" : "refused: " + failure);
    }
}
