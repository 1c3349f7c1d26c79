package io.agentpassport.client;

import io.agentpassport.proto.v1.IssuedCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as its service keeps it.
 *
 * @param id {@code sha256:HEX}
 * @param partition the partition that keeps it, 4 hex digits
 * @param json the certificate, canonical JSON
 * @param state {@code active}, {@code expired} or {@code revoked}
 * @param issuerDomain the domain it was issued in
 * @param binding the agent id, or the resource domain served
 * @param principal who is answerable
 * @param renewUntil until when it can be renewed; null for never
 * @param revokedAt when it was revoked; null unless it was
 * @param revocationReason why, as the admin put it; null unless it was
 */
public record CertificateRecord(String id, String partition, String json, String state, String issuerDomain,
        String binding, String principal, @Nullable Instant renewUntil, @Nullable Instant revokedAt,
        @Nullable String revocationReason) {

    static CertificateRecord of(IssuedCertificate message) {
        return new CertificateRecord(message.getCertificateId(), message.getPartition(),
                message.getCertificateJson().toString(StandardCharsets.UTF_8),
                WireValues.word(message.getState(), "CERTIFICATE_STATE_"), message.getIdentity().getIssuerDomain(),
                message.getIdentity().getBinding(), message.getPrincipal(),
                message.hasRenewUntil() ? WireValues.instant(message.getRenewUntil()) : null,
                message.hasRevokedAt() ? WireValues.instant(message.getRevokedAt()) : null,
                WireValues.orNull(message.getRevocationReason()));
    }
}
