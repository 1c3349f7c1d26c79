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
@Command(name = "verify-attest", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Say whether an attest is to be believed, and if not, why.",
        footer = {"", "  passport verify-attest attest.json --peer-nonce … --own-nonce … --anchors bundle.json",
            "  passport verify-attest - --ask-service --peer-nonce … --own-nonce … < attest.json", "",
            "Exit code 0 when it is, 1 when it is not."})
final class VerifyAttestCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    ServerOptions service = new ServerOptions();

    @Mixin
    JudgementOptions judgement = new JudgementOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Parameters(paramLabel = "ATTEST", description = "the attest, a JSON file; - for standard input")
    Path attest = Path.of("");

    @Option(names = "--peer-nonce", required = true, paramLabel = "BASE64",
            description = "the nonce that it must answer: the verifier's")
    String peerNonce = "";

    @Option(names = "--own-nonce", required = true, paramLabel = "BASE64",
            description = "the attesting party's own nonce, as its hello or attest named it before")
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
                    .verifyAttest(Documents.bytes(context, attest), peerNonce, ownNonce, judgement.forService(context));
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
