package io.agentpassport.wire;

import com.google.protobuf.Timestamp;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.AttestView;
import io.agentpassport.proto.v1.Capabilities;
import io.agentpassport.proto.v1.CertificateView;
import io.agentpassport.proto.v1.SessionView;
import io.agentpassport.proto.v1.TrustBundleView;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The typed readings beside documents. A document may be anything that passed the gate: a member that is missing or of
 * another type leaves its field unset.
 */
final class Views {

    private Views() {}

    static CertificateView of(Certificate certificate) {
        JsonObject json = certificate.json();
        CertificateView.Builder view = CertificateView.newBuilder()
                .setRole(Roles.encode(Role.fromText(json.string("role"))))
                .setIssuerRole(Roles.encode(Role.fromText(json.string("issuer_role"))));
        text(json, "spec_version", view::setSpecVersion);
        text(json, "subject_id", view::setSubjectId);
        text(json, "issuer_id", view::setIssuerId);
        text(json, "issuer_pubkey_hex", view::setIssuerPubkeyHex);
        text(json, "subject_pubkey_hex", view::setSubjectPubkeyHex);
        text(json, "binding", view::setBinding);
        text(json, "signature_b64", view::setSignatureB64);
        time(json, "not_before", view::setNotBefore);
        time(json, "not_after", view::setNotAfter);
        if (json.get("attestation_grade") instanceof JsonNumber grade && grade.isInteger()
                && Math.abs(grade.value()) <= Integer.MAX_VALUE) {
            view.setAttestationGrade((int) grade.value());
        }
        List<String> versions = json.strings("supported_versions");
        if (versions != null) {
            view.addAllSupportedVersions(versions);
        }
        List<String> capabilities = json.strings("capabilities");
        if (capabilities != null) {
            view.setCapabilities(Capabilities.newBuilder().addAllNames(capabilities));
        }
        return view.build();
    }

    static AttestView of(Attest attest) {
        JsonObject json = attest.json();
        AttestView.Builder view = AttestView.newBuilder()
                .setRole(Roles.encode(Role.fromText(json.string("role"))))
                .setCertificateId(attest.certificate().id().text())
                .setCertificate(of(attest.certificate()));
        text(json, "spec_version", view::setSpecVersion);
        text(json, "chosen_version", view::setChosenVersion);
        text(json, "own_nonce_b64", view::setOwnNonceB64);
        text(json, "peer_nonce_b64", view::setPeerNonceB64);
        time(json, "timestamp", view::setTimestamp);
        return view.build();
    }

    static SessionView of(Session session) {
        SessionView.Builder view = SessionView.newBuilder()
                .setSpecVersion(Session.SPEC_VERSION)
                .setSessionId(session.id().text())
                .setAgentCertificateId(session.agentCertificate().id().text())
                .setAgentCertificate(of(session.agentCertificate()))
                .setIsCertificateId(session.systemCertificate().id().text())
                .setIsCertificate(of(session.systemCertificate()))
                .setChosenVersion(session.chosenVersion())
                .setAgentNonceB64(session.agentNonceText())
                .setIsNonceB64(session.systemNonceText());
        time(session.establishedAtMillis(), view::setEstablishedAt);
        time(session.expiresAtMillis(), view::setExpiresAt);
        return view.build();
    }

    static TrustBundleView of(TrustBundle bundle) {
        JsonObject json = bundle.json();
        TrustBundleView.Builder view = TrustBundleView.newBuilder()
                .setAnchorCount(count(json, "anchors"))
                .setRevokedAnchorCount(count(json, "revoked_anchors"))
                .setRevokedCertificateCount(count(json, "revoked_certificates"));
        text(json, "spec_version", view::setSpecVersion);
        text(json, "bundle_id", view::setBundleId);
        text(json, "publisher_pubkey_hex", view::setPublisherPubkeyHex);
        time(json, "issued_at", view::setIssuedAt);
        time(json, "refresh_after", view::setRefreshAfter);
        return view.build();
    }

    static void time(@Nullable Double millis, Consumer<Timestamp> field) {
        Timestamp timestamp = WireTime.encodeMillis(millis);
        if (timestamp != null) {
            field.accept(timestamp);
        }
    }

    private static void time(JsonObject json, String member, Consumer<Timestamp> field) {
        time(json.number(member), field);
    }

    private static void text(JsonObject json, String member, Consumer<String> field) {
        String text = json.string(member);
        if (text != null) {
            field.accept(text);
        }
    }

    private static int count(JsonObject json, String member) {
        return json.get(member) instanceof JsonArray array ? array.values().size() : 0;
    }
}
