package io.agentpassport.server.cli;

import io.agentpassport.client.AgentKey;
import io.agentpassport.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a private key. */
@Command(name = "keygen", mixinStandardHelpOptions = true, description = {
    "Make a private key for an agent or an information system.",
    "",
    "The key is Ed25519, in a new file that you alone can read (PKCS#8, PEM). It never leaves the file."
}, footer = "  ${COMMAND-FULL-NAME} --out agent.key")
final class KeygenCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    JsonOption json = new JsonOption();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write; it must be new.")
    Path out = Path.of("");

    KeygenCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        AgentKey key = AgentKey.generate(context.nonces());
        key.save(out);
        JsonObject document = JsonObject.builder()
                .put("key_file", out.toString())
                .put("public_key_hex", key.publicKey().hex())
                .build();
        json.print(context, document, "private key  " + out + " (mode 600; keep it here)",
                "public key   " + key.publicKey().hex());
        return 0;
    }
}
