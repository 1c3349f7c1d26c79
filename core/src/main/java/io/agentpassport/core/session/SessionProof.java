package io.agentpassport.core.session;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedStatement;
import org.jspecify.annotations.Nullable;

/**
 * What an agent signs beside its attest, so that no system can pass the attest on to another: the session id covers
 * the system's certificate, and the audience names the system.
 *
 * @param sessionId the session as the agent derives it
 * @param audience the binding of the system it means
 */
public record SessionProof(SessionId sessionId, String audience) {

    /** The kind and version of the statement. */
    public static final String SPEC = "agentpassport.session.v1";

    /** Whether a signed statement proves that the key's holder means this very session with this very system. */
    public boolean isProvedBy(SignedStatement signed, PublicKey agentKey) {
        return equals(fromStatement(signed.statement())) && signed.verifies(agentKey);
    }

    /** The proof that the statement holds, or null when it is not of this kind or a member is missing or malformed. */
    public static @Nullable SessionProof fromStatement(JsonObject statement) {
        SessionId sessionId = SessionId.fromText(statement.string("session_id"));
        String audience = statement.string("audience");
        if (!SPEC.equals(statement.string("spec")) || sessionId == null || audience == null) {
            return null;
        }
        return new SessionProof(sessionId, audience);
    }

    /** The statement to sign. */
    public JsonObject statement() {
        return JsonObject.builder()
                .put("spec", SPEC)
                .put("session_id", sessionId.text())
                .put("audience", audience)
                .build();
    }
}
