package io.agentpassport.client;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGeneratorFactory;

/** An issuer and those it issues to, from one seed. */
final class TestParties {

    static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
    static final String AUDIENCE = "passport://test";

    final NonceSource random = NonceSource.from(RandomGeneratorFactory.of("L64X128MixRandom").create(4711));
    final AgentKey issuer = AgentKey.generate(random);
    final AgentKey publisher = AgentKey.generate(random);

    /** A certificate as the service issues one: its window begins 60 s before its life. */
    VerifiedCertificate certificate(PublicKey subject, Duration life) {
        var unsigned = new UnsignedCertificate(Role.AGENT, "subject", subject, "issuer", Role.TRUST_ANCHOR,
                issuer.publicKey(), ISSUED.minusSeconds(60).toEpochMilli(), ISSUED.plus(life).toEpochMilli(),
                "agent:test", null, Subject.VERSIONS, null);
        return ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(unsigned.sign(issuer.signer())))
                .certificate();
    }

    AgentIdentity identity(Duration life) {
        AgentKey key = AgentKey.generate(random);
        return new AgentIdentity(key, certificate(key.publicKey(), life), "0001", AUDIENCE, publisher.publicKey());
    }
}
