package io.agentpassport.core.toolcall;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.SignedStatement;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is about to ask for.
 *
 * @param requestId the agent's own name for the request, used once for an allowed call: {@code [A-Za-z0-9._:-]{1,64}}
 * @param agentId the binding of the agent's certificate
 * @param sessionId the session it acts under
 * @param audience the id of the gateway, which is the binding of its certificate
 * @param grantId the grant to judge by, {@code grant_} and 24 hex digits; null leaves the choice to the gateway
 * @param tool what to call
 * @param params the arguments
 * @param scopeRequired the scope that the grant must cover, such as {@code shop:orders:read}; null for none
 * @param spend the most that the call may cost; null for no ceiling of the caller's own
 * @param budgetSessionId the budget to charge, {@code sess_} and 24 hex digits; null for the grant's
 * @param issuedAtMillis unix milliseconds of the agent's clock
 * @param salt drawn for this request alone, so that its digest cannot be guessed
 */
public record UnsignedToolCall(String requestId, String agentId, SessionId sessionId, String audience,
        @Nullable String grantId, ToolName tool, JsonObject params, @Nullable String scopeRequired,
        @Nullable Money spend, @Nullable String budgetSessionId, long issuedAtMillis, Nonce salt) {

    /** The statement: all members, with an explicit null for what is unset. */
    public JsonObject statement() {
        return JsonObject.builder()
                .put("spec", ToolCall.SPEC)
                .put("request_id", requestId)
                .put("agent_id", agentId)
                .put("session_id", sessionId.text())
                .put("audience", audience)
                .put("grant_id", text(grantId))
                .put("tool", tool.text())
                .put("params", params)
                .put("scope_required", text(scopeRequired))
                .put("spend", spend == null ? JsonNull.NULL : spend.json())
                .put("budget_session_id", text(budgetSessionId))
                .put("issued_at", (double) issuedAtMillis)
                .put("salt", salt.text())
                .build();
    }

    /**
     * Signs it with the agent's certified key.
     *
     * @throws IllegalArgumentException when the gateway would find it malformed; the message says where
     */
    public SignedStatement sign(Signer agent) {
        JsonObject statement = statement();
        if (ToolCall.fromStatement(statement) instanceof ToolCall.Malformed malformed) {
            throw new IllegalArgumentException("not a tool call: " + malformed);
        }
        return SignedStatement.sign(statement, agent);
    }

    private static JsonValue text(@Nullable String text) {
        return text == null ? JsonNull.NULL : new JsonString(text);
    }
}
