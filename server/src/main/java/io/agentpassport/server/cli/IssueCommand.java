package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.ServiceIntroduction;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gets a certificate: as an admin, or with a join token. */
@Command(name = "issue", mixinStandardHelpOptions = true, description = {
    "Get a certificate for an agent or an information system: as an admin (with the credential that init or server --dev"
            + " made), or as its holder, with a join token that an admin made.",
    "",
    "The key is made when its file is not there, and removed again when no certificate comes. It proves itself and never"
            + " travels."
}, footer = {"  ${COMMAND-FULL-NAME} --binding agent:alice",
    "  ${COMMAND-FULL-NAME} --binding agent:bob --key bob.key --out bob.json \\",
    "      --join-token jt_… --audience passport://localhost --publisher 6a06…"})
final class IssueCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdmissionOptions admission = new AdmissionOptions();

    @Option(names = "--key", paramLabel = "FILE",
            description = "The private key; made when it is not there. Default: the binding's name with .key.")
    @Nullable
    Path key;

    @Option(names = "--out", paramLabel = "FILE",
            description = "Where to write the certificate. Default: the binding's name with .json.")
    @Nullable
    Path out;

    @Option(names = "--force", description = "Replace a certificate that is in that file already.")
    boolean force;

    @Option(names = "--join-token", paramLabel = "ID.SECRET",
            description = "A join token, or - to read it from standard input; without one you call as an admin.")
    @Nullable
    String joinToken;

    @Option(names = "--audience", paramLabel = "TEXT", description = "The service's name, printed with the join token.")
    @Nullable
    String audience;

    @Option(names = "--publisher", paramLabel = "HEX",
            description = "The service's publisher key, printed with it too.")
    @Nullable
    String publisher;

    IssueCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        admission.require();
        Path keyFile = key != null ? key : Path.of(admission.subject.fileName() + ".key");
        Path identityFile = out != null ? out : Path.of(admission.subject.fileName() + ".json");
        // A certificate that cannot be written would be lost, and the join token with it.
        requireWritable(identityFile);
        requireIntroduction();
        boolean made = !Files.exists(keyFile);
        AgentKey agentKey = keyOrNew(keyFile);
        AgentIdentity identity;
        try {
            identity = joinToken == null ? asAdmin(agentKey) : asHolder(agentKey, joinToken);
        } catch (RuntimeException e) {
            if (made) {
                remove(keyFile);
            }
            throw e;
        }
        identity.save(identityFile);
        print(identity, keyFile, identityFile);
        return 0;
    }

    /** A key without a certificate would be taken for one in use, by people and by the next try. */
    private void remove(Path keyFile) {
        try {
            Files.deleteIfExists(keyFile);
        } catch (IOException e) {
            context.err().println("passport: " + keyFile + " was made for nothing and cannot be removed: " + e);
        }
    }

    /** Before a key is made: what a join token comes with. */
    private void requireIntroduction() {
        if (joinToken != null && (audience == null || publisher == null)) {
            throw CommandFailure.unusable("with --join-token also name --audience and --publisher, which were printed "
                    + "with it: they tell that this is the right service");
        }
        if (joinToken == null && (audience != null || publisher != null)) {
            throw CommandFailure.unusable("--audience and --publisher go with --join-token; an admin asks the service");
        }
        if (joinToken != null && admission.enrolment.areGiven()) {
            throw CommandFailure.unusable("with --join-token the terms are those that its maker gave: leave out"
                    + " --principal, --grade, --capability, --life and --renewable-for");
        }
        if (publisher != null && PublicKey.fromHex(publisher) == null) {
            throw CommandFailure.unusable("--publisher is 64 lower-case hex digits, not " + publisher);
        }
    }

    private void requireWritable(Path file) {
        if (Files.isRegularFile(file) && !force) {
            throw CommandFailure.unusable(file + " is there already; name another file with --out, or replace it with"
                    + " --force");
        }
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (folder == null || Files.isDirectory(file)) {
                throw CommandFailure.unusable(file + " is a folder; name a file with --out");
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot write to " + folder + "; name another file with --out", e);
        }
        if (!Files.isWritable(folder)) {
            throw CommandFailure.unusable("cannot write to " + folder + "; name another file with --out");
        }
    }

    private AgentKey keyOrNew(Path keyFile) {
        if (Files.exists(keyFile)) {
            return AgentKey.load(keyFile);
        }
        AgentKey made = AgentKey.generate(context.nonces());
        made.save(keyFile);
        return made;
    }

    private AgentIdentity asAdmin(AgentKey agentKey) {
        try (PassportClient client = admission.service.openAsAdmin(context)) {
            // The TLS connection proves the service, so its introduction can be believed here.
            ServiceIntroduction service = client.trust().introduce();
            return client.certificates()
                    .issue(admission.enrolment.terms(admission.subject.binding, context.clock()), agentKey,
                            admission.subject.subject(),
                            service.audience(),
                            service.publisher());
        }
    }

    private AgentIdentity asHolder(AgentKey agentKey, String token) {
        PublicKey publisherKey = Objects.requireNonNull(PublicKey.fromHex(publisher));
        String text = token.equals("-")
                ? new String(Documents.bytes(context, Path.of("-")), StandardCharsets.UTF_8).strip()
                : token;
        try (PassportClient client = admission.service.open(context)) {
            return client.certificates()
                    .enrol(new JoinToken(text, Objects.requireNonNull(audience), publisherKey), agentKey,
                            admission.subject.subject());
        }
    }

    private void print(AgentIdentity identity, Path keyFile, Path identityFile) {
        Instant end = Instant.ofEpochMilli((long) identity.certificate().notAfterMillis());
        JsonObject document = JsonObject.builder()
                .put("certificate_id", identity.certificateId().text())
                .put("partition", identity.partition())
                .put("binding", identity.binding())
                .put("not_after", end.toString())
                .put("audience", identity.audience())
                .put("publisher_pubkey_hex", identity.publisher().hex())
                .put("key_file", keyFile.toString())
                .put("identity_file", identityFile.toString())
                .build();
        var lines = new ArrayList<String>(List.of("certificate  " + identity.certificateId(),
                "partition    " + identity.partition(),
                "for          " + identity.binding() + ", until " + end,
                "written to   " + identityFile + " (its key is in " + keyFile + ")"));
        if (joinToken == null && admission.subject.role == Role.AGENT) {
            lines.addAll(3, admission.enrolment.told(identity.binding()));
        }
        if (admission.subject.role == Role.AGENT) { // a system does not begin a handshake
            lines.addAll(List.of("", "Next:",
                    "  " + context.program() + " handshake --key " + CliContext.quoted(keyFile.toString())
                            + " --identity "
                            + CliContext.quoted(identityFile.toString()) + admission.service.asTyped()));
        }
        admission.json.print(context, document, lines.toArray(new String[0]));
    }
}
