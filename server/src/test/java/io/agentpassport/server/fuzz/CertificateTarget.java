package io.agentpassport.server.fuzz;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;

/** Certificates: nobody makes one that is signed by accident. */
public final class CertificateTarget {

    private static final JsonParser GATE = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private CertificateTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (GATE.parse(data) instanceof JsonParser.Parsed parsed) {
            Certificate certificate = Certificate.received(parsed.object());
            if (CertificateVerifier.DIRECT.verify(certificate) instanceof CertificateVerifier.Valid valid
                    && !Seeds.isOurs(valid.certificate().id().text())) {
                throw new IllegalStateException("another certificate verifies: " + valid.certificate().id());
            }
        }
    }
}
