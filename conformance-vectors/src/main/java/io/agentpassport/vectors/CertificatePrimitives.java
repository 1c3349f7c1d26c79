package io.agentpassport.vectors;

import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certificates: built, signed, named, verified (docs/protocol.md, "Documents" and "Checks"). */
final class CertificatePrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "buildCertificate", CertificatePrimitives::build,
            "issueCertificate", CertificatePrimitives::issue,
            "signCertificate", CertificatePrimitives::sign,
            "certificateId", CertificatePrimitives::id,
            "verifyCertificateSignature", CertificatePrimitives::verify,
            "isCertificateTemporallyValid", CertificatePrimitives::window);

    private CertificatePrimitives() {}

    private static JsonObject build(Input input) {
        JsonObject unsigned = unsigned(input).json();
        return Answers.canonical(Jcs.bytes(unsigned)).put("unsigned", unsigned).build();
    }

    private static JsonObject issue(Input input) {
        UnsignedCertificate unsigned = unsigned(input);
        return Ed25519Primitives.withSigner(input, "issuer_seed_hex", issuer -> {
            Certificate certificate = unsigned.sign(issuer);
            return Answers.canonical(SignedDocument.signedBytes(certificate.json()))
                    .put("certificate", certificate.json())
                    .put("certificate_id", certificate.id().text())
                    .build();
        });
    }

    private static JsonObject sign(Input input) {
        JsonObject unsigned = input.object("unsigned");
        return Ed25519Primitives.withSigner(input, "issuer_seed_hex",
                issuer -> switch (SignedDocument.sign(unsigned, issuer)) {
                    case SignedDocument.Signed signed -> Answers
                            .canonical(SignedDocument.signedBytes(signed.document()))
                            .put("signature_b64", signed.document().string("signature_b64"))
                            .put("certificate_id", Certificate.received(signed.document()).id().text())
                            .build();
                    case SignedDocument.Unsignable unsignable -> Answers.rejected(unsignable.rejected());
                });
    }

    private static JsonObject id(Input input) {
        Certificate certificate = Certificate.received(input.object("certificate"));
        return JsonObject.builder().put("certificate_id", certificate.id().text()).build();
    }

    private static JsonObject verify(Input input) {
        Certificate certificate = Certificate.received(input.object("certificate"));
        return switch (CertificateVerifier.DIRECT.verify(certificate)) {
            case CertificateVerifier.Valid valid -> Answers.OK;
            case CertificateVerifier.Invalid invalid -> Answers.refused(invalid.name().toLowerCase(Locale.ROOT));
        };
    }

    private static JsonObject window(Input input) {
        Certificate certificate = Certificate.received(input.object("certificate"));
        double skew = input.isSet("max_clock_skew_ms") ? input.number("max_clock_skew_ms") : 0;
        Certificate.Window window = certificate.window(input.number("now_ms"), skew);
        return window == Certificate.Window.VALID
                ? Answers.OK
                : Answers.refused(window.name().toLowerCase(Locale.ROOT));
    }

    /** The fields that are known; others are left behind. */
    private static UnsignedCertificate unsigned(Input input) {
        var fields = new Input(input.object("fields"));
        AttestationGrade grade = fields.isSet("attestation_grade")
                ? new AttestationGrade((int) fields.number("attestation_grade"))
                : null;
        return new UnsignedCertificate(role(fields.text("role")), fields.text("subject_id"),
                key(fields.text("subject_pubkey_hex")), fields.text("issuer_id"), role(fields.text("issuer_role")),
                key(input.text("issuer_pubkey_hex")), fields.number("not_before"), fields.number("not_after"),
                fields.text("binding"), grade, fields.texts("supported_versions"),
                fields.isSet("capabilities") ? fields.texts("capabilities") : null);
    }

    private static Role role(String text) {
        return known(Role.fromText(text), text);
    }

    private static PublicKey key(String hex) {
        return known(PublicKey.fromHex(hex), hex);
    }

    private static <T> T known(@Nullable T value, String text) {
        if (value == null) {
            throw new MalformedVectorException("neither role nor key: " + text);
        }
        return value;
    }
}
