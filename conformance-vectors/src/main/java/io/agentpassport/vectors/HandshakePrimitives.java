package io.agentpassport.vectors;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.Challenges;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.handshake.VersionNegotiation;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.signing.SignedDocument;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Function;

/** Hello, version choice, attests and challenges (docs/protocol.md, "Documents", "Checks" and "What the service adds"). */
final class HandshakePrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "buildHello", HandshakePrimitives::buildHello,
            "chooseVersion", HandshakePrimitives::chooseVersion,
            "buildAttest", HandshakePrimitives::buildAttest,
            "verifyAttest", HandshakePrimitives::verifyAttest,
            "challengeScript", HandshakePrimitives::challengeScript);

    private HandshakePrimitives() {}

    /** {@code {ok, reason?, detail?}}. */
    static JsonObject verdict(AttestVerifier.Verdict verdict) {
        return switch (verdict) {
            case AttestVerifier.Accepted accepted -> Answers.OK;
            case AttestVerifier.Refused refused -> Answers.refused(refused.failure());
        };
    }

    /** The answer of a function of the verifier that policy and anchors make, or why the policy cannot be read. */
    static JsonObject withVerifier(Input input, Function<AttestVerifier, JsonObject> answer) {
        var anchors = TrustPrimitives.anchors(input, "trust_anchors");
        return switch (MutualAuthPolicy.fromJson(input.object("policy"))) {
            case MutualAuthPolicy.Read read -> answer
                    .apply(new AttestVerifier(read.policy(), anchors, CertificateVerifier.DIRECT));
            case MutualAuthPolicy.Unreadable unreadable -> Answers.rejected(unreadable.rejected());
        };
    }

    private static JsonObject buildHello(Input input) {
        JsonObject hello = new Hello(role(input), input.texts("supported_versions"), input.text("nonce_b64"),
                input.number("now_ms")).json();
        return Answers.canonical(Jcs.bytes(hello)).put("hello", hello).build();
    }

    private static JsonObject chooseVersion(Input input) {
        String version = VersionNegotiation.choose(input.texts("peer_supported"), input.texts("own_accepted"));
        return JsonObject.builder().put("version", version).build();
    }

    private static JsonObject buildAttest(Input input) {
        var fields = new Input(input.object("fields"));
        JsonObject unsigned = new UnsignedAttest(role(fields), fields.text("chosen_version"),
                fields.text("own_nonce_b64"), fields.text("peer_nonce_b64"),
                Certificate.received(fields.object("certificate")), fields.number("now_ms")).json();
        return Ed25519Primitives.withSigner(input, "own_seed_hex",
                signer -> switch (SignedDocument.sign(unsigned, signer)) {
                    case SignedDocument.Signed signed -> Answers
                            .canonical(SignedDocument.signedBytes(signed.document()))
                            .put("attest", signed.document())
                            .put("signature_b64", signed.document().string("signature_b64"))
                            .build();
                    case SignedDocument.Unsignable unsignable -> Answers.rejected(unsignable.rejected());
                });
    }

    private static Role role(Input input) {
        Role role = Role.fromText(input.text("role"));
        if (role == null) {
            throw new MalformedVectorException("input.role is no role");
        }
        return role;
    }

    private static JsonObject verifyAttest(Input input) {
        var attest = new Attest(input.object("attest"));
        var expected = new ExpectedNonces(input.text("expected_peer_nonce_b64"),
                input.text("expected_own_nonce_b64"));
        double now = input.number("now_ms");
        return withVerifier(input, verifier -> verdict(verifier.verify(attest, expected, now)));
    }

    /** Plays hellos, attests and restarts from the start; each event has an answer. */
    private static JsonObject challengeScript(Input input) {
        var events = input.objects("events");
        return withVerifier(input, verifier -> {
            var answers = new ArrayList<JsonValue>();
            var challenges = new Challenges<String>(events.size());
            for (JsonObject json : events) {
                var event = new Input(json);
                double at = event.number("at_ms");
                if (event.isSet("restart")) {
                    challenges = new Challenges<>(events.size());
                    answers.add(Answers.OK);
                } else if (event.isSet("hello")) {
                    var hello = new Input(event.object("hello"));
                    boolean open = challenges.open(hello.text("service_nonce_b64"), hello.text("nonce_b64"), at);
                    answers.add(Answers.ok(open));
                } else {
                    var attest = new Attest(event.object("attest"));
                    answers.add(verdict(answerTo(attest, challenges, verifier, at)));
                }
                event.requireAllRead();
            }
            return JsonObject.builder().put("answers", new JsonArray(answers)).build();
        });
    }

    private static AttestVerifier.Verdict answerTo(Attest attest, Challenges<String> challenges,
            AttestVerifier verifier, double at) {
        String nonce = attest.peerNonceText();
        return switch (challenges.take(nonce, at)) {
            case Challenges.Taken<String> taken -> verifier.verify(attest,
                    new ExpectedNonces(String.valueOf(nonce), taken.kept()), at);
            case Challenges.Untaken<String> untaken -> verifier.refuseAtNonces(attest, untaken.failure());
        };
    }
}
