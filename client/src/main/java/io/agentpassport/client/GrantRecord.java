package io.agentpassport.client;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.Grant;
import io.agentpassport.proto.v1.GrantTerms;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grant as its service keeps it.
 *
 * @param id {@code grant_} and 24 hex digits
 * @param partition the partition that keeps it, 4 hex digits
 * @param state {@code active}, {@code expired} or {@code revoked}
 * @param subject the agent that may call
 * @param tools names, or beginnings of names and a star
 * @param scopes each covers what is below it too
 * @param policyId the policy that judges its calls; null when those above judge alone
 * @param limitsJson its own limits, a JSON array; {@code []} for none
 * @param budget what its own budget was made of; null when it has none of its own
 * @param expiresAt the last instant at which it stands
 * @param delegationDepth how many grants may follow below it; 0 when it cannot be delegated
 * @param settlesBelowReserve whether calls that the agent runs itself may be settled below what was reserved
 * @param chain the grants above it, the root first; empty for a root
 * @param budgetSessionId what its calls are charged to, {@code sess_} and 24 hex digits; null for nothing
 * @param createdBy the name of an admin, or the binding of the agent that delegated it
 * @param createdByAgent whether an agent made it, so that the name is a binding
 * @param revokedAt when it was revoked itself; null unless it was
 * @param revocationReason why; null unless it was revoked itself
 */
public record GrantRecord(String id, String partition, String state, Identity subject, List<String> tools,
        List<String> scopes, @Nullable String policyId, String limitsJson, @Nullable Money budget, Instant expiresAt,
        int delegationDepth, boolean settlesBelowReserve, List<String> chain, @Nullable String budgetSessionId,
        Instant createdAt, String createdBy, boolean createdByAgent, @Nullable Instant revokedAt,
        @Nullable String revocationReason) {

    /** Copies the lists. */
    public GrantRecord {
        tools = List.copyOf(tools);
        scopes = List.copyOf(scopes);
        chain = List.copyOf(chain);
    }

    /** The grant that it was delegated from; null for a root. */
    public @Nullable String parentId() {
        return chain.isEmpty() ? null : chain.get(chain.size() - 1);
    }

    static GrantRecord of(Grant message) {
        GrantTerms terms = message.getTerms();
        String limits = terms.getLimitsJson().toString(StandardCharsets.UTF_8);
        return new GrantRecord(message.getGrantId(), message.getPartition(),
                WireValues.word(message.getState(), "GRANT_STATE_"), subject(terms), terms.getToolsList(),
                terms.getScopesList(), WireValues.orNull(terms.getPolicyId()), limits.isEmpty() ? "[]" : limits,
                terms.hasBudget() ? ToolAnswers.money(terms.getBudget()) : null,
                WireValues.instant(terms.getExpiresAt()), terms.getDelegationDepth(), terms.getSettlesBelowReserve(),
                message.getChainList(), WireValues.orNull(message.getBudgetSessionId()),
                WireValues.instant(message.getCreatedAt()), message.getCreatedBy(),
                message.getCreatedByAgent(),
                message.hasRevokedAt() ? WireValues.instant(message.getRevokedAt()) : null,
                WireValues.orNull(message.getRevocationReason()));
    }

    private static Identity subject(GrantTerms terms) {
        try {
            return new Identity(terms.getSubject().getIssuerDomain(), terms.getSubject().getBinding());
        } catch (IllegalArgumentException e) {
            throw PassportException.protocolViolation("the service answered a grant of nobody");
        }
    }
}
