package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.server.issuance.IssuanceRows.Answered;
import io.agentpassport.server.issuance.IssueOutcome.Cause;
import io.agentpassport.server.issuance.IssueOutcome.Issued;
import io.agentpassport.server.issuance.IssueOutcome.RenewalRefused;
import io.agentpassport.server.issuance.IssueOutcome.TokenInvalid;
import io.agentpassport.server.issuance.IssueOutcome.TokenMismatch;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.trust.KnownAnchor;
import io.agentpassport.server.trust.RevokeCertificate;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.trust.TrustLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Issues certificates (docs/protocol.md, "Issuance"). What takes time (signature checks, signing) is done on the caller's
 * thread; the partition of the identity then decides in order whether the right to it still stands.
 */
public final class Issuance {

    private final Partitions partitions;
    private final Trust trust;
    private final Signer issuingKey;
    private final String audience;
    private final NonceSource nonces;
    private final IssuanceLimits limits;
    private final Function<Identity, @Nullable Duration> rates;
    private final CertificateList list;

    /**
     * Issuance of one service.
     *
     * @param issuingKey
     *            that of {@code trust.own()}
     * @param audience
     *            the binding of the service's own certificate, which nobody else is given
     * @param rates
     *            counts what an identity asks that has proved itself: for how long it must wait, or null
     */
    public Issuance(Partitions partitions, Trust trust, Signer issuingKey, String audience, NonceSource nonces,
            IssuanceLimits limits, Function<Identity, @Nullable Duration> rates) {
        if (!issuingKey.publicKey().equals(trust.own().issuingKey())) {
            throw new IllegalArgumentException("trust knows another issuing key");
        }
        this.partitions = partitions;
        this.trust = trust;
        this.issuingKey = issuingKey;
        this.audience = audience;
        this.nonces = nonces;
        this.limits = limits;
        this.rates = rates;
        this.list = new CertificateList(partitions, trust, audience);
    }

    /** The binding of the service's own certificate. */
    public String audience() {
        return audience;
    }

    /** What verifies our trust bundles. */
    public PublicKey publisherKey() {
        return trust.own().publisherKey();
    }

    /** Makes a join token. */
    public CompletableFuture<CreateJoinToken.Outcome> createJoinToken(CreateJoinToken create) {
        CreateJoinToken.Outcome problem = create.problem(audience, limits, partitions.service().now());
        if (problem != null) {
            return CompletableFuture.completedFuture(problem);
        }
        Partition partition = partitionOf(create.binding());
        JoinToken.Written written = JoinToken.Written.random(partition.id(), nonces);
        return partition.submit(rows -> create.decide(written, rows));
    }

    /** Issues or renews a certificate. */
    public CompletableFuture<IssueOutcome> issue(IssueRequest request) {
        return switch (CheckedProof.read(request.proof(), audience)) {
            case CheckedProof.Bad bad -> CompletableFuture.completedFuture(bad.outcome());
            case CheckedProof.Good good -> issue(good.proof(), request.authority());
        };
    }

    private CompletableFuture<IssueOutcome> issue(CheckedProof proof, IssueRequest.Authority authority) {
        return switch (authority) {
            case IssueRequest.Token token -> withToken(proof, token);
            case IssueRequest.Admin admin -> byAdmin(proof, admin);
            case IssueRequest.Renewal renewal -> byRenewal(proof, renewal);
        };
    }

    private CompletableFuture<IssueOutcome> withToken(CheckedProof proof, IssueRequest.Token shown) {
        JoinToken.Written written = JoinToken.Written.parse(shown.text());
        Partition partition = written == null ? null : partitions.byId(written.partition());
        if (written == null || partition == null) {
            return CompletableFuture.completedFuture(new TokenInvalid());
        }
        String right = "join_token " + written.id();
        String digest = proof.digest(right + " " + written.secretHash());
        IssueOutcome early = early(proof, digest, written.id());
        if (early != null) {
            return CompletableFuture.completedFuture(early);
        }
        StoredRow<String, JoinToken> row = partition.get(IssuanceRows.JOIN_TOKENS, written.id());
        if (row == null) {
            // Perhaps used up by this very proof, in one commit with its answer, since the answer was looked for.
            return CompletableFuture.completedFuture(
                    early(proof, digest, written.id()) instanceof Issued issued ? issued : new TokenInvalid());
        }
        JoinToken token = row.value();
        if (!token.hasSecret(written.secretHash())) {
            return partition.submit(new CountBadTry(written.id())).thenApply(burnt -> new TokenInvalid());
        }
        String member = mismatch(token.terms(), proof.proof());
        return member != null ? CompletableFuture.completedFuture(new TokenMismatch(member))
                : sign(proof, token.terms().enrolment(), right, digest, token);
    }

    private static @Nullable String mismatch(JoinToken.Terms terms, IssuanceProof proof) {
        if (terms.role() != proof.role()) {
            return "role";
        }
        if (!terms.binding().equals(proof.binding())) {
            return "binding";
        }
        String subjectId = terms.subjectId();
        return subjectId != null && !subjectId.equals(proof.subjectId()) ? "subject_id" : null;
    }

    private CompletableFuture<IssueOutcome> byAdmin(CheckedProof proof, IssueRequest.Admin admin) {
        String right = "admin " + admin.name();
        String digest = proof.digest(right);
        IssueOutcome early = early(proof, digest, null);
        if (early != null) {
            return CompletableFuture.completedFuture(early);
        }
        Enrolment.Fault fault = admin.enrolment().fault(limits, partitions.service().now());
        return fault != null
                ? CompletableFuture
                        .completedFuture(new IssueOutcome.Unacceptable("enrolment." + fault.field(), fault.problem()))
                : sign(proof, admin.enrolment(), right, digest, null);
    }

    private CompletableFuture<IssueOutcome> byRenewal(CheckedProof proof, IssueRequest.Renewal renewal) {
        String right = "renewal " + renewal.certificate();
        String digest = proof.digest(right + " " + renewal.signature().text());
        IssueOutcome early = early(proof, digest, null);
        if (early != null) {
            return CompletableFuture.completedFuture(early);
        }
        IssuedCertificate old = find(renewal.certificate(), renewal.partition());
        if (old == null) {
            return CompletableFuture.completedFuture(new RenewalRefused(Cause.UNKNOWN));
        }
        Cause cause = RenewalCheck.refusal(proof, renewal.signature(), status(old),
                partitions.of(old.identity()).now());
        if (cause != null) {
            return CompletableFuture.completedFuture(new RenewalRefused(cause));
        }
        Duration wait = rates.apply(old.identity());
        if (wait != null) {
            return CompletableFuture.completedFuture(new IssueOutcome.TooOften(wait));
        }
        return sign(proof, old.enrolment(), right, digest, null)
                .thenCompose(outcome -> unlessRevokedSince(old, outcome));
    }

    /** A revocation that was answered before this renewal is stronger than it, wherever the two met. */
    private CompletableFuture<IssueOutcome> unlessRevokedSince(IssuedCertificate old, IssueOutcome outcome) {
        if (!(outcome instanceof Issued issued) || !trust.current().isRevoked(old.id())) {
            return CompletableFuture.completedFuture(outcome);
        }
        IssuedCertificate renewed = issued.certificate();
        return trust
                .revokeCertificate(
                        new RevokeCertificate(renewed.id(), "renewed while it was revoked", renewed.notAfter()))
                .thenApply(revoked -> new RenewalRefused(Cause.REVOKED));
    }

    /** The answer that this very proof got before, or the first fault that has nothing to do with its right; or null. */
    private @Nullable IssueOutcome early(CheckedProof proof, String digest, @Nullable String joinTokenId) {
        Partition partition = partitionOf(proof.proof().binding());
        StoredRow<String, Answered> answered = partition.get(IssuanceRows.PROOFS, digest);
        if (answered != null) {
            IssuedCertificate before = find(answered.value().certificate(), partition.id());
            if (before != null) {
                return new Issued(before, true);
            }
        }
        return proof.fault(joinTokenId, partition.now());
    }

    private CompletableFuture<IssueOutcome> sign(CheckedProof proof, Enrolment enrolment, String right, String digest,
            @Nullable JoinToken token) {
        Partition partition = partitionOf(proof.proof().binding());
        Instant now = partition.now();
        Duration life = enrolment.life().compareTo(limits.longestLife()) > 0 ? limits.longestLife() : enrolment.life();
        String advice = unusable(now.plus(life));
        if (advice != null) {
            return CompletableFuture.completedFuture(new IssueOutcome.IssuerUnusable(advice));
        }
        IssuanceProof asked = proof.proof();
        UnsignedCertificate unsigned = new UnsignedCertificate(asked.role(), asked.subjectId(), asked.subjectKey(),
                trust.own().anchorId(), Role.TRUST_ANCHOR, issuingKey.publicKey(),
                (double) now.minus(IssuanceLimits.BACKDATE).toEpochMilli(), (double) now.plus(life).toEpochMilli(),
                asked.binding(),
                enrolment.grade(), asked.supportedVersions(), enrolment.capabilities());
        IssuedCertificate issued = new IssuedCertificate(partition.id(), unsigned.sign(issuingKey),
                trust.own().issuerDomain(), enrolment, Instant.ofEpochMilli(now.toEpochMilli()), right);
        return partition.submit(new IssueCertificate(issued, digest, token));
    }

    /** What an operator must do before anything can be issued, or null. */
    private @Nullable String unusable(Instant notAfter) {
        KnownAnchor anchor = trust.current().anchorOf(issuingKey.publicKey());
        if (anchor == null) {
            return "the issuing key is no anchor yet: start the service again, and see its log";
        }
        if (anchor.revoked()) {
            return "the anchor " + anchor.anchor().anchorId()
                    + " of the issuing key is revoked: move keys/issuing.pem away, make another with `passport keygen`, restart";
        }
        return anchor.anchor().isAliveAt((double) notAfter.toEpochMilli()) ? null
                : "the anchor " + anchor.anchor().anchorId()
                        + " of the issuing key ends too soon: move keys/issuing.pem away, make another with `passport keygen`, restart";
    }

    /** A certificate that this service issued, and where it stands; null when there is none in that partition. */
    public @Nullable CertificateStatus get(CertificateId id, PartitionId partition) {
        IssuedCertificate found = find(id, partition);
        return found == null ? null : status(found);
    }

    /** Lists certificates, see {@link CertificateList}. */
    public @Nullable ListPage<CertificateStatus> list(CertificateList.Filter filter, int size, String token) {
        return list.page(filter, size, token);
    }

    /** What revoking answers. */
    public sealed interface RevokeOutcome {}

    /** It is revoked, now or already. */
    public record Revoked(CertificateStatus certificate) implements RevokeOutcome {}

    /** There is no such certificate in that partition. */
    public record NotFound() implements RevokeOutcome {}

    /** Too many are revoked, see {@link RevokeCertificate.BundleFull#advice}. */
    public record BundleFull(String advice) implements RevokeOutcome {}

    /** The reason has not 1 to 256 characters. */
    public record ReasonMissing() implements RevokeOutcome {}

    /** Revokes a certificate, and with it every session that stands on it: one record, in force when answered. */
    public CompletableFuture<RevokeOutcome> revoke(CertificateId id, PartitionId partition, String reason) {
        if (!TrustLimits.isReason(reason)) {
            return CompletableFuture.completedFuture(new ReasonMissing());
        }
        IssuedCertificate found = find(id, partition);
        if (found == null) {
            return CompletableFuture.completedFuture(new NotFound());
        }
        return trust.revokeCertificate(new RevokeCertificate(id, reason, found.notAfter()))
                .thenApply(outcome -> switch (outcome) {
                    case RevokeCertificate.Revoked revoked -> new Revoked(status(found));
                    case RevokeCertificate.BundleFull full -> new BundleFull(full.advice());
                });
    }

    private @Nullable IssuedCertificate find(CertificateId id, PartitionId partitionId) {
        Partition partition = partitions.byId(partitionId);
        StoredRow<CertificateId, IssuedCertificate> row = partition == null ? null
                : partition.get(IssuanceRows.CERTIFICATES, id);
        return row == null ? null : row.value();
    }

    private CertificateStatus status(IssuedCertificate certificate) {
        return CertificateStatus.of(certificate, trust, partitions.service().now());
    }

    private Partition partitionOf(String binding) {
        return partitions.of(new Identity(trust.own().issuerDomain(), binding));
    }
}
