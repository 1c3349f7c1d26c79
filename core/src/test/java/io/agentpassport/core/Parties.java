package io.agentpassport.core;

import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Issuers, agents and systems for tests: keys and nonces come from labels, so every run has the same. */
public final class Parties {

    public static final long NOW = 1_990_212_748_000L;
    public static final long DAY = 86_400_000L;
    public static final List<String> VERSIONS = List.of("1.1", "1.0");
    public static final Nonce AGENT_NONCE = nonce("agent");
    public static final Nonce SYSTEM_NONCE = nonce("system");

    private Parties() {}

    public static Signer signer(String label) {
        return Signer.fromSeed(Digest.sha256(label.getBytes(StandardCharsets.UTF_8)));
    }

    public static PublicKey key(String label) {
        return signer(label).publicKey();
    }

    public static Nonce nonce(String label) {
        byte[] digest = Digest.sha256(("nonce " + label).getBytes(StandardCharsets.UTF_8));
        return Nonce.of(Arrays.copyOf(digest, Nonce.BYTES));
    }

    public static UnsignedCertificate unsigned(Role role, String label) {
        return new UnsignedCertificate(role, "did:example:" + label, key(label), "issuer", Role.TRUST_ANCHOR,
                key("issuer"), NOW - DAY, NOW + DAY,
                role == Role.AGENT ? "agent:" + label : "mcp://" + label + ".example",
                role == Role.AGENT ? new AttestationGrade(2) : null, VERSIONS,
                role == Role.AGENT ? List.of("mcp:read", "mcp:write") : null);
    }

    public static Certificate agentCertificate() {
        return unsigned(Role.AGENT, "agent").sign(signer("issuer"));
    }

    public static Certificate systemCertificate() {
        return unsigned(Role.INFORMATION_SYSTEM, "system").sign(signer("issuer"));
    }

    public static VerifiedCertificate verified(Certificate certificate) {
        return ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(certificate)).certificate();
    }

    public static Attest agentAttest() {
        return agentAttest(agentCertificate());
    }

    public static Attest agentAttest(Certificate certificate) {
        return new UnsignedAttest(Role.AGENT, "1.1", AGENT_NONCE.text(), SYSTEM_NONCE.text(), certificate, NOW)
                .sign(signer("agent"));
    }

    public static Attest systemAttest() {
        return systemAttest(systemCertificate());
    }

    public static Attest systemAttest(Certificate certificate) {
        return new UnsignedAttest(Role.INFORMATION_SYSTEM, "1.1", SYSTEM_NONCE.text(), AGENT_NONCE.text(), certificate,
                NOW).sign(signer("system"));
    }

    /** What the system expects of the agent's attest. */
    public static ExpectedNonces expectedOfAgent() {
        return new ExpectedNonces(SYSTEM_NONCE.text(), AGENT_NONCE.text());
    }

    public static TrustAnchor anchor() {
        return new TrustAnchor("anchor-issuer", "Issuer", Role.TRUST_ANCHOR, key("issuer"), (double) (NOW - 30 * DAY),
                (double) (NOW + 30 * DAY), List.of());
    }

    public static TrustAnchors anchors() {
        return TrustAnchors.of(List.of(anchor()), Set.of());
    }

    public static MutualAuthPolicy policy() {
        return MutualAuthPolicy.accepting(VERSIONS);
    }

    /** The document signed anew by a key, whatever it says. */
    public static JsonObject resigned(JsonObject document, String label) {
        return SignedDocument.signOwn(document.without(SignedDocument.SIGNATURE_MEMBER), signer(label));
    }
}
