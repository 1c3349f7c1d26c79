package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.CreateJoinTokenRequest;
import io.agentpassport.proto.v1.CreateJoinTokenResponse;
import io.agentpassport.proto.v1.Enrolment;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateResponse;
import io.agentpassport.proto.v1.IssuedCertificate;
import io.agentpassport.proto.v1.ListCertificatesRequest;
import io.agentpassport.proto.v1.ListCertificatesResponse;
import io.agentpassport.proto.v1.Renewal;
import io.agentpassport.proto.v1.RevokeCertificateRequest;
import org.jspecify.annotations.Nullable;

/** Issuing, renewing and looking up certificates at one service. */
public final class Certificates {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private final PassportClient client;

    Certificates(PassportClient client) {
        this.client = client;
    }

    /**
     * Gets the first certificate for a key with a join token. The key proves itself and never travels. The certificate
     * is checked before it is returned: it must verify, and be for this key, role and binding.
     *
     * @throws PassportException when the token is refused, or the service is not the one that made it
     */
    public AgentIdentity enrol(JoinToken token, AgentKey key, Subject subject) {
        SignedStatement proof = proof(key, subject, token.audience(), token.id());
        IssueCertificateRequest request = IssueCertificateRequest.newBuilder()
                .setProof(wire(proof))
                .setJoinToken(token.text())
                .build();
        return identity(issue(request), key, subject, token.audience(), token.publisher());
    }

    /** As an admin (mTLS): issues a certificate for a key that is at hand, for what the enrolment vouches for. */
    public AgentIdentity issue(Enrolment enrolment, AgentKey key, Subject subject, String audience,
            PublicKey publisher) {
        SignedStatement proof = proof(key, subject, audience, null);
        IssueCertificateRequest request = IssueCertificateRequest.newBuilder()
                .setProof(wire(proof))
                .setEnrolment(enrolment)
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
                .setProof(wire(proof))
                .setRenewal(Renewal.newBuilder()
                        .setCertificateId(identity.certificateId().text())
                        .setPartition(identity.partition())
                        .setSignature(ByteString.copyFrom(proof.signature().toByteArray())))
                .build();
        return identity(issue(request), identity.key(), subject, identity.audience(), identity.publisher());
    }

    /** As an admin (mTLS): makes a join token. */
    public JoinToken createJoinToken(CreateJoinTokenRequest request) {
        CreateJoinTokenResponse made = client.calls()
                .call(CertificateServiceGrpc.getCreateJoinTokenMethod(), request, Calls.Repeat.SAFE);
        PublicKey publisher = PublicKey.fromHex(made.getPublisherPubkeyHex());
        if (publisher == null) {
            throw PassportException.protocolViolation("the service named no publisher key");
        }
        return new JoinToken(made.getToken(), made.getAudience(), publisher);
    }

    /** As an admin (mTLS): one certificate, whatever its state. */
    public IssuedCertificate get(String certificateId, String partition) {
        return client.calls()
                .call(CertificateServiceGrpc.getGetCertificateMethod(),
                        GetCertificateRequest.newBuilder()
                                .setCertificateId(certificateId)
                                .setPartition(partition)
                                .build(),
                        Calls.Repeat.SAFE)
                .getCertificate();
    }

    /** As an admin (mTLS): a page of certificates. */
    public ListCertificatesResponse list(ListCertificatesRequest request) {
        return client.calls().call(CertificateServiceGrpc.getListCertificatesMethod(), request, Calls.Repeat.SAFE);
    }

    /** As an admin (mTLS): revokes a certificate; in force when this returns. */
    public IssuedCertificate revoke(RevokeCertificateRequest request) {
        return client.calls()
                .call(CertificateServiceGrpc.getRevokeCertificateMethod(), request, Calls.Repeat.SAFE)
                .getCertificate();
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
            throw PassportException.protocolViolation("this is another service than the one expected: it calls itself "
                    + response.getAudience() + " and publishes with " + response.getPublisherPubkeyHex());
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

    private static VerifiedCertificate verified(byte[] json) {
        if (PARSER.parse(json) instanceof JsonParser.Parsed parsed && CertificateVerifier.DIRECT
                .verify(Certificate.received(parsed.object())) instanceof CertificateVerifier.Valid valid) {
            return valid.certificate();
        }
        throw PassportException.protocolViolation("the service issued a certificate that does not verify");
    }

    static io.agentpassport.proto.v1.SignedStatement wire(SignedStatement statement) {
        return io.agentpassport.proto.v1.SignedStatement.newBuilder()
                .setStatementJson(ByteString.copyFrom(Jcs.bytes(statement.statement())))
                .setSignature(ByteString.copyFrom(statement.signature().toByteArray()))
                .build();
    }
}
