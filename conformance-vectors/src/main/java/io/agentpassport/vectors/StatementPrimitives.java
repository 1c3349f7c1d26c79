package io.agentpassport.vectors;

import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import java.util.Map;
import java.util.function.Predicate;

/** Statements whose signature travels beside them (docs/protocol.md, "Issuance" and "Statements on the wire"). */
final class StatementPrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "signStatement", StatementPrimitives::sign,
            "verifyStatement", StatementPrimitives::verify,
            "verifyIssuanceProof", StatementPrimitives::verifyIssuance,
            "verifySessionProof", StatementPrimitives::verifySession,
            "verifyRpcProof", StatementPrimitives::verifyRpc);

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final JsonObject NO_SESSION = Answers.refused("signature_invalid")
            .with("detail", Answers.text("session_proof"));

    private StatementPrimitives() {}

    private static JsonObject sign(Input input) {
        JsonObject statement = input.object("statement");
        return Ed25519Primitives.withSigner(input, "seed_hex",
                signer -> switch (Jcs.canonicalizeForSigning(statement)) {
                    case Jcs.Canonical canonical -> Answers.canonical(canonical.bytes())
                            .put("signature_hex", HexText.encode(
                                    SignedStatement.sign(statement, signer).signature().toByteArray()))
                            .build();
                    case Rejected rejected -> Answers.rejected(rejected);
                });
    }

    private static JsonObject verify(Input input) {
        PublicKey key = key(input);
        return check(input, Answers.ok(false), statement -> statement.verifies(key));
    }

    private static JsonObject verifyIssuance(Input input) {
        String audience = input.text("audience");
        double now = input.number("now_ms");
        return check(input, Answers.ok(false),
                statement -> IssuanceProof.verify(statement, audience, now) != null);
    }

    private static JsonObject verifySession(Input input) {
        PublicKey key = key(input);
        var proof = new SessionProof(new SessionId(input.text("session_id")), input.text("audience"));
        return check(input, NO_SESSION, statement -> proof.isProvedBy(statement, key));
    }

    private static JsonObject verifyRpc(Input input) {
        PublicKey key = key(input);
        String sessionId = input.text("session_id");
        String audience = input.text("audience");
        String method = input.text("method");
        byte[] body = input.base64("body_b64");
        double now = input.number("now_ms");
        return check(input, Answers.ok(false), statement -> RpcProof.verify(statement, key, sessionId, audience,
                method, body, now) != null);
    }

    /** Gates the statement, and answers whether it proves what it should. */
    private static JsonObject check(Input input, JsonObject refusal, Predicate<SignedStatement> proves) {
        byte[] signature = HexText.decodeAnyCase(input.text("signature_hex"), Signature.BYTES);
        return switch (PARSER.parse(input.base64("statement_json_b64"))) {
            case Rejected rejected -> Answers.rejected(rejected);
            case JsonParser.Parsed parsed -> signature != null
                    && proves.test(new SignedStatement(parsed.object(), Signature.of(signature)))
                            ? Answers.OK
                            : refusal;
        };
    }

    private static PublicKey key(Input input) {
        PublicKey key = PublicKey.fromHex(input.text("public_key_hex"));
        if (key == null) {
            throw new MalformedVectorException("input.public_key_hex is no key");
        }
        return key;
    }
}
