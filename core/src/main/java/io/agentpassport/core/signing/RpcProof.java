package io.agentpassport.core.signing;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What an agent signs for each rpc it calls under its session, so that a session id alone is worth nothing:
 * {@code {spec, session_id, audience, method, body_sha256, nonce_b64, issued_at}}.
 *
 * @param sessionId the session it acts under, {@code sha256:HEX}
 * @param audience the binding of the service it calls
 * @param method the full gRPC method name, such as {@code agentpassport.v1.MutualAuthService/GetSession}
 * @param bodySha256 SHA-256 of the request message as serialised, of nothing for a stream; 64 lower-case hex digits
 * @param nonce used once in a session
 * @param issuedAtMillis unix milliseconds of the signer's clock
 */
public record RpcProof(String sessionId, String audience, String method, String bodySha256, Nonce nonce,
        double issuedAtMillis) {

    /** The kind and version of the statement. */
    public static final String SPEC = "agentpassport.rpc.v1";

    /** A proof for a request of these serialised bytes. */
    public static RpcProof forBody(String sessionId, String audience, String method, byte[] body, Nonce nonce,
            double issuedAtMillis) {
        return new RpcProof(sessionId, audience, method, HexText.encode(Digest.sha256(body)), nonce, issuedAtMillis);
    }

    /** The proof that the statement holds, or null when it is not of this kind or a member is missing or malformed. */
    public static @Nullable RpcProof fromStatement(JsonObject statement) {
        String sessionId = statement.string("session_id");
        String audience = statement.string("audience");
        String method = statement.string("method");
        String bodySha256 = statement.string("body_sha256");
        Nonce nonce = Nonce.fromText(statement.string("nonce_b64"));
        Double issuedAt = statement.number("issued_at");
        if (!SPEC.equals(statement.string("spec")) || sessionId == null || audience == null || method == null
                || bodySha256 == null || nonce == null || issuedAt == null) {
            return null;
        }
        return new RpcProof(sessionId, audience, method, bodySha256, nonce, issuedAt);
    }

    /** The statement to sign. */
    public JsonObject statement() {
        return JsonObject.builder()
                .put("spec", SPEC)
                .put("session_id", sessionId)
                .put("audience", audience)
                .put("method", method)
                .put("body_sha256", bodySha256)
                .put("nonce_b64", nonce.text())
                .put("issued_at", issuedAtMillis)
                .build();
    }
}
