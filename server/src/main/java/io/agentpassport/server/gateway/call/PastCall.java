package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call as the log tells of it.
 *
 * @param withoutArguments
 *            whether it had none, so that their values are known
 * @param rule
 *            that decided; or null
 * @param policy
 *            the version that was asked last; or null
 * @param grants
 *            the chain that it was judged by, the root first
 * @param approved
 *            whether a person had approved it
 */
record PastCall(Identity agent, String session, ToolName tool, boolean withoutArguments, DecisionCode code,
        @Nullable String rule, @Nullable String policy, List<String> grants, boolean approved) {

    /** The call of an entry, or null when it is of something else, or of a call that no policy was asked about. */
    static @Nullable PastCall read(JsonObject entry) {
        JsonObject call = entry.object("call");
        JsonObject agent = call == null ? null : call.object("agent");
        List<String> grants = entry.strings("grants");
        DecisionCode code = code(entry.string("code"));
        if (!CallEntry.DECIDED.equals(entry.string("kind")) || call == null || agent == null || grants == null
                || grants.isEmpty() || code == null || CallMode.PREVIEW.text().equals(entry.string("mode"))) {
            return null;
        }
        String domain = agent.string("issuer_domain");
        String binding = agent.string("binding");
        ToolName tool = ToolName.fromText(call.string("tool"));
        String session = call.string("session_id");
        if (domain == null || binding == null || tool == null || session == null) {
            return null;
        }
        boolean withoutArguments = call.get("argument_names") instanceof JsonArray names
                && names.values().isEmpty();
        return new PastCall(new Identity(domain, binding), session, tool, withoutArguments, code,
                entry.string("rule"), entry.string("policy"), grants,
                code == DecisionCode.ALLOWED && entry.has("approval_id"));
    }

    private static @Nullable DecisionCode code(@Nullable String text) {
        for (DecisionCode code : DecisionCode.values()) {
            if (code.name().equals(text)) {
                return switch (code) {
                    case ALLOWED, DEFAULT_DENY, REQUIRE_FAILED, DENY_IF, SCHEDULE, SCHEMA, APPROVAL_REQUIRED, LIMIT,
                            BUDGET ->
                        code;
                    default -> null;
                };
            }
        }
        return null;
    }

    /** Whether a rule of that policy decided. */
    boolean isDecidedBy(String id) {
        return rule != null && rule.startsWith(id + "@");
    }

    /** Whether that policy is known to have been asked, also when the grant that named it is not. */
    boolean isBy(String id) {
        return isDecidedBy(id) || (policy != null && policy.startsWith(id + "@"));
    }
}
