package io.agentpassport.server.fuzz;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.trust.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Attests: of those that a fuzzer makes none is believed that nobody signed. */
public final class AttestTarget {

    private static final JsonParser GATE = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final AttestVerifier VERIFIER = new AttestVerifier(
            new MutualAuthPolicy(List.of("1.0"), null, List.of(), 60_000, null),
            TrustAnchors.of(Seeds.anchors(), Set.of()), CertificateVerifier.DIRECT);
    private static final Set<String> SIGNED = signed();

    private AttestTarget() {}

    static List<byte[]> seeds() {
        return Seeds.attests();
    }

    private static Set<String> signed() {
        Set<String> all = new HashSet<>();
        seeds().forEach(bytes -> all.add(new String(bytes, StandardCharsets.UTF_8)));
        return all;
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (GATE.parse(data) instanceof JsonParser.Parsed parsed) {
            var attest = new Attest(parsed.object());
            String peer = attest.peerNonceText();
            String own = attest.ownNonceText();
            Double at = attest.timestampMillis();
            if (peer != null && own != null && at != null
                    && VERIFIER.verify(attest, new AttestVerifier.ExpectedNonces(peer, own),
                            at) instanceof AttestVerifier.Accepted
                    && !SIGNED.contains(new String(Jcs.bytes(parsed.object()), StandardCharsets.UTF_8))) {
                throw new IllegalStateException("it is believed, and nobody signed it");
            }
        }
    }
}
