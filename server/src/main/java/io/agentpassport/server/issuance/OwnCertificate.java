package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.server.issuance.IssuanceRows.Brief;
import io.agentpassport.server.issuance.IssuanceRows.Place;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.trust.Trust;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate by which the service proves itself: that of an information system, from its own issuing key, for 30 days,
 * replaced 10 days before its end. It is kept in the service partition and survives a restart.
 *
 * <p>
 * Life: {@link #begin} once trust has begun, then {@link #refresh} on a schedule of some minutes.
 */
public final class OwnCertificate {

    /** How many of the newest are looked through for one that still serves. */
    private static final int LOOKED_AT = 20;

    private static final Logger LOG = LoggerFactory.getLogger(OwnCertificate.class);

    private final Partition service;
    private final Trust trust;
    private final ServiceKeys keys;
    private final String audience;
    private final List<String> supportedVersions;
    private final AtomicBoolean replacing = new AtomicBoolean();

    private volatile @Nullable Current current;

    /**
     * What the service proves itself with.
     *
     * @param attestKey
     *            the key of the certificate
     */
    public record Current(VerifiedCertificate certificate, Signer attestKey) {}

    /**
     * No certificate yet.
     *
     * @param audience
     *            its binding, 1 to 256 characters
     * @param supportedVersions
     *            of the protocol, highest first, at least one
     */
    public OwnCertificate(Partition service, Trust trust, ServiceKeys keys, String audience,
            List<String> supportedVersions) {
        if (audience.isEmpty() || audience.length() > IssuanceLimits.MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException("the service's binding has 1 to 256 characters");
        }
        if (supportedVersions.isEmpty()) {
            throw new IllegalArgumentException("the service speaks at least one version");
        }
        this.service = service;
        this.trust = trust;
        this.keys = keys;
        this.audience = audience;
        this.supportedVersions = List.copyOf(supportedVersions);
    }

    /** Takes the stored certificate, or issues one. */
    public CompletableFuture<Current> begin() {
        Current stored = stored();
        if (stored != null) {
            current = stored;
            return CompletableFuture.completedFuture(stored);
        }
        return issue();
    }

    /** Replaces the certificate when little is left of its life, or it was revoked. */
    public void refresh() {
        Current now = current;
        if ((now == null || !serves(now.certificate())) && replacing.compareAndSet(false, true)) {
            var unused = issue().whenComplete((issued, failure) -> {
                replacing.set(false);
                if (failure != null) {
                    LOG.error("the service's own certificate was not replaced; it is tried again", failure);
                }
            });
        }
    }

    /**
     * The newest one.
     *
     * @throws IllegalStateException
     *             before {@link #begin} has completed
     */
    public Current current() {
        Current now = current;
        if (now == null) {
            throw new IllegalStateException("the service has no certificate yet");
        }
        return now;
    }

    /** Its binding: what everybody who signs for this service names. */
    public String audience() {
        return audience;
    }

    private @Nullable Current stored() {
        for (StoredRow<Place, Brief> row : service.scan(IssuanceRows.CERTIFICATES_BY_TIME, KeyRange.all(), LOOKED_AT)
                .rows()) {
            var issued = service.get(IssuanceRows.CERTIFICATES, row.key().id());
            if (issued != null) {
                VerifiedCertificate certificate = verified(issued.value().certificate());
                if (serves(certificate)) {
                    return new Current(certificate, keys.attest());
                }
            }
        }
        return null;
    }

    private boolean serves(VerifiedCertificate certificate) {
        Instant now = service.now();
        Instant replaced = now.plus(IssuanceLimits.OWN_REPLACED);
        return certificate.subjectKey().equals(keys.attest().publicKey())
                && certificate.issuerKey().equals(keys.issuing().publicKey()) && certificate.binding().equals(audience)
                && certificate.supportedVersions().equals(supportedVersions)
                // It is of the future when the time it was issued by turned out to be wrong.
                && certificate.notBeforeMillis() <= now.toEpochMilli()
                && replaced.toEpochMilli() <= certificate.notAfterMillis()
                && !trust.current().isRevoked(certificate.id());
    }

    private CompletableFuture<Current> issue() {
        Instant now = Instant.ofEpochMilli(service.now().toEpochMilli());
        Certificate certificate = new UnsignedCertificate(Role.INFORMATION_SYSTEM, audience, keys.attest().publicKey(),
                trust.own().anchorId(), Role.TRUST_ANCHOR, keys.issuing().publicKey(),
                (double) now.minus(IssuanceLimits.BACKDATE).toEpochMilli(),
                (double) now.plus(IssuanceLimits.OWN_LIFE).toEpochMilli(), audience, null, supportedVersions, null)
                .sign(keys.issuing());
        Enrolment enrolment = new Enrolment(null, null, trust.own().issuerDomain(), IssuanceLimits.OWN_LIFE, null);
        IssuedCertificate issued = new IssuedCertificate(service.id(), certificate, trust.own().issuerDomain(),
                enrolment, now, "service");
        return service.submit(rows -> {
            IssuanceRows.put(rows, issued);
            return issued;
        }).thenApply(done -> {
            Current fresh = new Current(verified(certificate), keys.attest());
            current = fresh;
            return fresh;
        });
    }

    private static VerifiedCertificate verified(Certificate certificate) {
        if (CertificateVerifier.DIRECT.verify(certificate) instanceof CertificateVerifier.Valid valid) {
            return valid.certificate();
        }
        throw new IllegalStateException("a certificate of our own does not verify: the data folder is damaged");
    }
}
