package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where something is kept whose id does not say it; mix it in. */
final class PlaceOptions {

    @Option(names = "--partition", paramLabel = "HEX",
            description = "The partition that came with the id. Default: whichever has it.")
    @Nullable
    String partition;

    /**
     * What the first partition answers that has it.
     *
     * @param what such as a session, and its id
     * @param absent what the others answer
     */
    <T> T ask(PassportClient client, String what, ErrorReason absent, Function<String, T> in) {
        Deque<String> left = new ArrayDeque<>(partition != null ? List.of(partition) : client.partitions());
        while (true) {
            try {
                return in.apply(left.remove());
            } catch (PassportException e) {
                if (e.errorReason() != absent || (partition != null && left.isEmpty())) {
                    throw e;
                }
                if (left.isEmpty()) {
                    throw CommandFailure.because(e, "no partition has the " + what);
                }
            }
        }
    }

    /** The id of a session. */
    void checkSession(String id) {
        Bounds.id("a session id", id);
        Bounds.partition(partition);
    }

    /** The id of a certificate that is named, or that stands in the named file of an identity. */
    String certificate(CliContext context, String named) {
        if (named.startsWith("sha256:") || !Files.isRegularFile(Path.of(named))) {
            Bounds.id("a certificate id", named);
            Bounds.partition(partition);
            return named;
        }
        JsonObject identity = FileKind.IDENTITY.read(context, Path.of(named));
        JsonObject certificate = identity.object("certificate");
        if (certificate == null || !(CertificateVerifier.DIRECT
                .verify(Certificate.received(certificate)) instanceof CertificateVerifier.Valid valid)) {
            throw CommandFailure.unusable("the certificate in " + named + " does not verify; was it changed?");
        }
        if (partition == null) {
            partition = identity.string("partition");
        }
        Bounds.partition(partition);
        return valid.certificate().id().text();
    }
}
