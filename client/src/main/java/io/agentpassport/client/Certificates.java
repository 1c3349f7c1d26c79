package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.CertificateState;
import io.agentpassport.proto.v1.CreateJoinTokenRequest;
import io.agentpassport.proto.v1.CreateJoinTokenResponse;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateResponse;
import io.agentpassport.proto.v1.IssuedCertificate;
import io.agentpassport.proto.v1.ListCertificatesRequest;
import io.agentpassport.proto.v1.ListCertificatesResponse;
import io.agentpassport.proto.v1.Renewal;
import io.agentpassport.proto.v1.RevokeCertificateRequest;
import io.agentpassport.wire.Roles;
import io.agentpassport.wire.SignedStatements;
import io.agentpassport.wire.WireTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Issuing, renewing and looking up certificates at one service. */
public final class Certificates {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private final PassportClient client;

    Certificates(PassportClient client) {
        this.client = client;
    }

    /**
     * Gets the first certificate for a key with a join token. The service is asked who it is first: the token is not
     * sent to another than the one that made it. The key proves itself and never travels. The certificate is checked
     * before it is returned: it must verify, and be for this key, role and binding.
     *
     * @throws PassportException when the token is refused; as PROTOCOL_VIOLATION, with the token unspent, when the
     *     service is not the one that made it
     */
    public AgentIdentity enrol(JoinToken token, AgentKey key, Subject subject) {
        ServiceIntroduction there = client.trust().introduce();
        if (!there.audience().equals(token.audience()) || !there.publisher().equals(token.publisher())) {
            throw PassportException.protocolViolation(
                    anotherService(there.audience(), there.publisher().hex()) + "; the join token was not sent");
        }
        SignedStatement proof = proof(key, subject, token.audience(), token.id());
        IssueCertificateRequest request = IssueCertificateRequest.newBuilder()
                .setProof(SignedStatements.encode(proof))
                .setJoinToken(token.text())
                .build();
        return identity(issue(request), key, subject, token.audience(), token.publisher());
    }

    /** As an admin (mTLS): issues a certificate for a key that is at hand, for what the enrolment vouches for. */
    public AgentIdentity issue(EnrolmentTerms terms, AgentKey key, Subject subject, String audience,
            PublicKey publisher) {
        SignedStatement proof = proof(key, subject, audience, null);
        IssueCertificateRequest request = IssueCertificateRequest.newBuilder()
                .setProof(SignedStatements.encode(proof))
                .setEnrolment(terms.message())
                .build();
        return identity(issue(request), key, subject, audience, publisher);
    }

    /**
     * Gets a new certificate for the same identity and key, by consent of the one that is still alive.
     *
     * @throws PassportException when that certificate is expired, revoked, or past the time it can be renewed
     */
    public AgentIdentity renew(AgentIdentity identity) {
        VerifiedCertificate old = identity.certificate();
        var subject = new Subject(old.role(), old.subjectId(), old.binding(), old.supportedVersions());
        SignedStatement proof = proof(identity.key(), subject, identity.audience(), null);
        IssueCertificateRequest request = IssueCertificateRequest.newBuilder()
                .setProof(SignedStatements.encode(proof))
                .setRenewal(Renewal.newBuilder()
                        .setCertificateId(identity.certificateId().text())
                        .setPartition(identity.partition())
                        .setSignature(ByteString.copyFrom(proof.signature().toByteArray())))
                .build();
        return identity(issue(request), identity.key(), subject, identity.audience(), identity.publisher());
    }

    /**
     * As an admin (mTLS): makes a one-time token with which one identity gets its first certificate.
     *
     * @param subjectId the only subject id it serves for; null leaves it to the subject
     * @param ttl how long it can be used, at most 600 s; null for 600 s
     */
    public JoinToken createJoinToken(Role role, String binding, @Nullable String subjectId, EnrolmentTerms terms,
            @Nullable Duration ttl) {
        CreateJoinTokenRequest.Builder request = CreateJoinTokenRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setRole(Roles.encode(role))
                .setBinding(binding)
                .setEnrolment(terms.message());
        if (subjectId != null) {
            request.setSubjectId(subjectId);
        }
        if (ttl != null) {
            request.setTtl(WireTime.encode(ttl));
        }
        CreateJoinTokenResponse made = client.calls()
                .call(CertificateServiceGrpc.getCreateJoinTokenMethod(), request.build(), Calls.Repeat.SAFE);
        return new JoinToken(made.getToken(), made.getAudience(), publisherKey(made.getPublisherPubkeyHex()));
    }

    /** As an admin (mTLS): one certificate, whatever its state. */
    public CertificateRecord get(String certificateId, String partition) {
        GetCertificateRequest request = GetCertificateRequest.newBuilder()
                .setCertificateId(certificateId)
                .setPartition(partition)
                .build();
        return CertificateRecord.of(client.calls()
                .call(CertificateServiceGrpc.getGetCertificateMethod(), request, Calls.Repeat.SAFE)
                .getCertificate());
    }

    /**
     * As an admin (mTLS): a page of certificates, newest first.
     *
     * @param binding only those of this binding; null for all
     * @param pageToken of the page before; null begins
     */
    public Page<CertificateRecord> list(@Nullable String binding, @Nullable String pageToken) {
        return list(binding, null, 0, pageToken);
    }

    /**
     * As an admin (mTLS): a page of certificates, newest first.
     *
     * @param binding only those of this binding; null for all
     * @param state only those in this state, a word of {@link CertificateRecord#state}; null for all
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, which had the same filters; null begins
     * @throws PassportException when there is no such state, or the service refuses
     */
    public Page<CertificateRecord> list(@Nullable String binding, @Nullable String state, int pageSize,
            @Nullable String pageToken) {
        ListCertificatesRequest request = ListCertificatesRequest.newBuilder()
                .setBinding(binding == null ? "" : binding)
                .setState(WireValues.ofWord(CertificateState.class, "CERTIFICATE_STATE_", state))
                .setPageSize(pageSize)
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListCertificatesResponse page = client.calls()
                .call(CertificateServiceGrpc.getListCertificatesMethod(), request, Calls.Repeat.SAFE);
        return new Page<>(page.getCertificatesList().stream().map(CertificateRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * As an admin (mTLS): revokes a certificate; in force when this returns.
     *
     * @param reason for people who read the log, 1 to 256 characters
     */
    public CertificateRecord revoke(String certificateId, String partition, String reason) {
        RevokeCertificateRequest request = RevokeCertificateRequest.newBuilder()
                .setRequestId(client.newRequestId())
                .setCertificateId(certificateId)
                .setPartition(partition)
                .setReason(reason)
                .build();
        return CertificateRecord.of(client.calls()
                .call(CertificateServiceGrpc.getRevokeCertificateMethod(), request, Calls.Repeat.SAFE)
                .getCertificate());
    }

    private IssueCertificateResponse issue(IssueCertificateRequest request) {
        // The same proof bytes get the same certificate for 10 minutes, so a lost answer can be asked for again.
        return client.calls().call(CertificateServiceGrpc.getIssueCertificateMethod(), request, Calls.Repeat.SAFE);
    }

    private SignedStatement proof(AgentKey key, Subject subject, String audience, @Nullable String joinTokenId) {
        var proof = new IssuanceProof(audience, subject.role(), subject.subjectId(), subject.binding(),
                key.publicKey(), subject.supportedVersions(), joinTokenId, client.random().nonce(),
                client.nowMillis());
        return SignedStatement.sign(proof.statement(), key.signer());
    }

    private static AgentIdentity identity(IssueCertificateResponse response, AgentKey key, Subject subject,
            String audience, PublicKey publisher) {
        if (!response.getAudience().equals(audience) || !response.getPublisherPubkeyHex().equals(publisher.hex())) {
            throw PassportException.protocolViolation(
                    anotherService(response.getAudience(), response.getPublisherPubkeyHex()));
        }
        IssuedCertificate issued = response.getCertificate();
        VerifiedCertificate certificate = verified(issued.getCertificateJson().toByteArray());
        Role role = certificate.role();
        if (!certificate.subjectKey().equals(key.publicKey()) || role != subject.role()
                || !certificate.binding().equals(subject.binding())
                || !certificate.id().text().equals(issued.getCertificateId())) {
            throw PassportException.protocolViolation("the service issued a certificate for somebody else");
        }
        return new AgentIdentity(key, certificate, issued.getPartition(), audience, publisher);
    }

    private static String anotherService(String audience, String publisherHex) {
        return "this is another service than the one expected: it calls itself " + audience + " and publishes with "
                + publisherHex;
    }

    private static VerifiedCertificate verified(byte[] json) {
        if (PARSER.parse(json) instanceof JsonParser.Parsed parsed && CertificateVerifier.DIRECT
                .verify(Certificate.received(parsed.object())) instanceof CertificateVerifier.Valid valid) {
            return valid.certificate();
        }
        throw PassportException.protocolViolation("the service issued a certificate that does not verify");
    }

    static PublicKey publisherKey(String hex) {
        PublicKey publisher = PublicKey.fromHex(hex);
        if (publisher == null) {
            throw PassportException.protocolViolation("the service named no publisher key");
        }
        return publisher;
    }
}
