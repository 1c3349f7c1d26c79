package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.store.PartitionId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that this service issued.
 *
 * @param partition
 *            which keeps it
 * @param certificate
 *            signed, of our own making: its members are there
 * @param issuerDomain
 *            ours when it was issued
 * @param enrolment
 *            what was vouched for, and how it renews
 * @param issuedAt
 *            in whole milliseconds
 * @param by
 *            by what right, for people: such as {@code join_token jt_...}, {@code admin NAME}, {@code renewal sha256:...}
 */
public record IssuedCertificate(PartitionId partition, Certificate certificate, String issuerDomain,
        Enrolment enrolment, Instant issuedAt, String by) {

    public CertificateId id() {
        return certificate.id();
    }

    /** Whom it names. */
    public Identity identity() {
        return new Identity(issuerDomain, binding());
    }

    public String binding() {
        return text("binding");
    }

    public String subjectId() {
        return text("subject_id");
    }

    public Role role() {
        return Objects.requireNonNull(certificate.claimedRole());
    }

    /** The last instant of its life. */
    public Instant notAfter() {
        return Instant.ofEpochMilli(Objects.requireNonNull(certificate.json().number("not_after")).longValue());
    }

    /** When its row is gone. */
    Instant keptUntil() {
        return notAfter().plus(IssuanceLimits.RETENTION);
    }

    String text(String member) {
        return Objects.requireNonNull(certificate.json().string(member));
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("partition", partition.toString())
                .put("certificate", certificate.json())
                .put("issuer_domain", issuerDomain)
                .put("enrolment", enrolment.json())
                .put("issued_at", (double) issuedAt.toEpochMilli())
                .put("by", by)
                .build();
    }

    static @Nullable IssuedCertificate fromJson(JsonObject json) {
        String partition = json.string("partition");
        JsonObject certificate = json.object("certificate");
        String issuerDomain = json.string("issuer_domain");
        Enrolment enrolment = Enrolment.fromJson(json.object("enrolment"));
        Double issuedAt = json.number("issued_at");
        String by = json.string("by");
        if (partition == null || certificate == null || issuerDomain == null || enrolment == null || issuedAt == null
                || by == null) {
            return null;
        }
        return new IssuedCertificate(PartitionId.parse(partition), Certificate.received(certificate), issuerDomain,
                enrolment, Instant.ofEpochMilli(issuedAt.longValue()), by);
    }
}
