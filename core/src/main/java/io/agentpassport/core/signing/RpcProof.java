package io.agentpassport.core.signing;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.PublicKey;
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

    /** How far the signer's clock may be from the service's, in milliseconds. */
    public static final long MAX_SKEW_MILLIS = 60_000;

    /**
     * The proof that a signed statement gives a service: of this kind, for this call, made now, and signed by the
     * session's agent; otherwise null. Whether its nonce was used before is the service's to know.
     *
     * @param key the agent's key
     * @param sessionId the session that the call names
     * @param audience the binding of the service
     * @param method the full gRPC method name
     * @param body the request message as serialised; empty for a stream
     * @param nowMillis unix milliseconds of the service's clock
     */
    public static @Nullable RpcProof verify(SignedStatement signed, PublicKey key, String sessionId, String audience,
            String method, byte[] body, double nowMillis) {
        RpcProof proof = fromStatement(signed.statement());
        if (proof == null || Math.abs(nowMillis - proof.issuedAtMillis) > MAX_SKEW_MILLIS) {
            return null;
        }
        RpcProof meant = forBody(sessionId, audience, method, body, proof.nonce, proof.issuedAtMillis);
        return proof.equals(meant) && signed.verifies(key) ? proof : null;
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
