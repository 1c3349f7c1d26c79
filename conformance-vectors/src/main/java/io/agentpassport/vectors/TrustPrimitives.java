package io.agentpassport.vectors;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.core.trust.UnsignedTrustBundle;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Trust anchors and bundles (docs/protocol.md, "Documents" and "Checks"). */
final class TrustPrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "checkAnchor", TrustPrimitives::checkAnchor,
            "buildBundle", TrustPrimitives::buildBundle,
            "signBundle", TrustPrimitives::signBundle,
            "verifyBundle", TrustPrimitives::verifyBundle);

    private TrustPrimitives() {}

    /** The anchors of a member, with the revocations that the input may hold beside them. */
    static TrustAnchors anchors(Input input, String member) {
        List<String> revokedAnchors = input.textsOrNone("revoked_anchor_ids");
        Set<CertificateId> revokedCertificates = new HashSet<>();
        for (String text : input.textsOrNone("revoked_certificate_ids")) {
            revokedCertificates.add(new CertificateId(text));
        }
        TrustAnchors.Builder anchors = TrustAnchors.builder();
        for (JsonObject json : input.objects(member)) {
            TrustAnchor anchor = TrustAnchor.fromJson(json);
            if (anchor != null) {
                anchors.add(anchor, revokedAnchors.contains(anchor.anchorId()), revokedCertificates);
            }
        }
        return anchors.build();
    }

    private static JsonObject checkAnchor(Input input) {
        Certificate certificate = Certificate.received(input.object("certificate"));
        return switch (anchors(input, "anchors").check(certificate)) {
            case TrustAnchors.Trusted trusted -> named(Answers.OK, trusted.anchor());
            case TrustAnchors.Untrusted untrusted -> {
                JsonObject refused = Answers.refused(untrusted.reason().name().toLowerCase(Locale.ROOT));
                TrustAnchor anchor = untrusted.anchor();
                yield anchor == null ? refused : named(refused, anchor);
            }
        };
    }

    private static JsonObject named(JsonObject answer, TrustAnchor anchor) {
        return answer.with("anchor_id", Answers.text(anchor.anchorId()));
    }

    private static JsonObject buildBundle(Input input) {
        var fields = new Input(input.object("fields"));
        PublicKey publisher = PublicKey.fromHex(input.text("publisher_pubkey_hex"));
        if (publisher == null) {
            throw new MalformedVectorException("input.publisher_pubkey_hex is no key");
        }
        JsonObject unsigned = new UnsignedTrustBundle(fields.text("bundle_id"), fields.number("issued_at"),
                fields.objects("anchors"), fields.number("refresh_after"),
                fields.isSet("revoked_anchors") ? fields.texts("revoked_anchors") : null, null, publisher).json();
        return Answers.canonical(Jcs.bytes(unsigned)).put("unsigned", unsigned).build();
    }

    private static JsonObject signBundle(Input input) {
        JsonObject unsigned = input.object("unsigned");
        return Ed25519Primitives.withSigner(input, "publisher_seed_hex",
                publisher -> switch (SignedDocument.sign(unsigned, publisher)) {
                    case SignedDocument.Signed signed -> Answers
                            .canonical(SignedDocument.signedBytes(signed.document()))
                            .put("signature_b64", signed.document().string("signature_b64"))
                            .build();
                    case SignedDocument.Unsignable unsignable -> Answers.rejected(unsignable.rejected());
                });
    }

    private static JsonObject verifyBundle(Input input) {
        var bundle = new TrustBundle(input.object("bundle"));
        return switch (bundle.verify(input.texts("trusted_publisher_pubkeys_hex"), input.number("now_ms"))) {
            case TrustBundle.Valid valid -> Answers.OK;
            case TrustBundle.Invalid invalid -> Answers.refused(invalid.text());
        };
    }
}
