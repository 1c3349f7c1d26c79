package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.UnsignedTrustBundle;
import io.agentpassport.server.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Somebody else who publishes bundles and issues certificates. */
record TestPublisher(Signer bundleKey, Signer issuingKey, String domain) {

    static final Duration BUNDLE_LIFE = Duration.ofHours(6);

    static TestPublisher of(int seed, String domain) {
        return new TestPublisher(TestService.signer(seed), TestService.signer(seed + 1), domain);
    }

    PublicKey key() {
        return bundleKey.publicKey();
    }

    TrustAnchor anchor(PublicKey key, String id, List<String> constraints) {
        return new TrustAnchor(id, domain, Role.TRUST_ANCHOR, key, 0.0, 4e12, constraints);
    }

    byte[] bundle(Instant issuedAt) {
        return bundle(issuedAt, List.of(anchor(issuingKey.publicKey(), "anchor", List.of())), List.of(), List.of());
    }

    byte[] bundle(Instant issuedAt, List<TrustAnchor> anchors, List<String> revokedAnchors, List<String> revoked) {
        JsonObject unsigned = new UnsignedTrustBundle(domain + issuedAt, (double) issuedAt.toEpochMilli(),
                anchors.stream().map(TrustAnchor::json).toList(),
                (double) issuedAt.plus(BUNDLE_LIFE).toEpochMilli(), revokedAnchors, revoked, key()).json();
        return Jcs.bytes(SignedDocument.signOwn(unsigned, bundleKey));
    }

    /** A certificate of a long life. */
    VerifiedCertificate certificate(String binding) {
        var certificate = new UnsignedCertificate(Role.AGENT, "somebody", TestService.signer(77).publicKey(), domain,
                Role.TRUST_ANCHOR, issuingKey.publicKey(), 0, 4e12, binding, null, List.of("1.0"), null)
                .sign(issuingKey);
        return ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(certificate)).certificate();
    }
}
