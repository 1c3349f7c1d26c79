package io.agentpassport.client;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolName;
import org.jspecify.annotations.Nullable;

/**
 * A tool call that an agent wants made.
 *
 * @param tool {@code upstream/name}, or a bare name that only one upstream has
 * @param params the arguments
 * @param grantId the grant to judge by, {@code grant_} and 24 hex digits; null leaves the choice to the gateway
 * @param scope the scope that the grant must cover, such as {@code files:read}; null for none
 * @param spend the most that the call may cost; null for no ceiling of the caller's own
 * @param budgetSessionId the budget session to charge, {@code sess_} and 24 hex digits; null for the grant's
 * @param requestId the agent's own name for the request, {@code [A-Za-z0-9._:-]{1,64}}; null for a random one
 */
public record ToolRequest(ToolName tool, JsonObject params, @Nullable String grantId, @Nullable String scope,
        @Nullable Money spend, @Nullable String budgetSessionId, @Nullable String requestId) {

    /**
     * Asks for that tool with those arguments, and leaves the rest open.
     *
     * @throws PassportException as LOCAL when the text is not the name of a tool
     */
    public static ToolRequest of(String tool, JsonObject params) {
        ToolName name = ToolName.fromText(tool);
        if (name == null) {
            throw PassportException.local(tool + " is not the name of a tool: upstream/name, or a name alone");
        }
        return new ToolRequest(name, params, null, null, null, null, null);
    }

    /** The same, judged by that grant. */
    public ToolRequest underGrant(String id) {
        return new ToolRequest(tool, params, id, scope, spend, budgetSessionId, requestId);
    }

    /** The same, requiring that scope. */
    public ToolRequest requiring(String requiredScope) {
        return new ToolRequest(tool, params, grantId, requiredScope, spend, budgetSessionId, requestId);
    }

    /** The same, costing no more than that. */
    public ToolRequest spendingAtMost(Money ceiling) {
        return new ToolRequest(tool, params, grantId, scope, ceiling, budgetSessionId, requestId);
    }

    /** The same, charged to that budget session. */
    public ToolRequest chargedTo(String budgetSession) {
        return new ToolRequest(tool, params, grantId, scope, spend, budgetSession, requestId);
    }

    /** The same by that name: what was allowed once by it is never run again. */
    public ToolRequest named(String name) {
        return new ToolRequest(tool, params, grantId, scope, spend, budgetSessionId, name);
    }

    /** The tool only: arguments are not for a log. */
    @Override
    public String toString() {
        return "ToolRequest[" + tool + "]";
    }
}
