package io.agentpassport.client;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.wire.GrantTerms;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grant is to give, and to whom; immutable, each method answers another one. It gives nothing before {@link #tools}.
 *
 * <pre>{@code
 * GrantDraft.to(alice, nextMonth).tools("calculator/*").policy("sums").delegable(1)
 * }</pre>
 */
public final class GrantDraft {

    private final GrantTerms terms;

    private GrantDraft(GrantTerms terms) {
        this.terms = terms;
    }

    /**
     * For that agent.
     *
     * @param expiresAt the last instant at which it stands, at most 366 days away; milliseconds count
     */
    public static GrantDraft to(Identity subject, Instant expiresAt) {
        return new GrantDraft(new GrantTerms(subject, List.of(), List.of(), null, JsonArray.EMPTY, null,
                expiresAt.truncatedTo(ChronoUnit.MILLIS), 0, false));
    }

    /** It gives these: names such as {@code calculator/add}, or the beginning of one and a star; 1 to 64. */
    public GrantDraft tools(String... tools) {
        return tools(List.of(tools));
    }

    /** See {@link #tools(String...)}. */
    public GrantDraft tools(List<String> tools) {
        return with(tools, terms.scopes(), terms.policyId(), terms.limits(), terms.budget(), terms.delegationDepth(),
                terms.settlesBelowReserve());
    }

    /** It covers these, and what is below them, such as {@code files:read}; at most 64. */
    public GrantDraft scopes(List<String> scopes) {
        return with(terms.tools(), scopes, terms.policyId(), terms.limits(), terms.budget(), terms.delegationDepth(),
                terms.settlesBelowReserve());
    }

    /** This policy judges its calls. Only a grant that is delegated may have none of its own, which is null. */
    public GrantDraft policy(@Nullable String policyId) {
        return with(terms.tools(), terms.scopes(), policyId, terms.limits(), terms.budget(), terms.delegationDepth(),
                terms.settlesBelowReserve());
    }

    /** It has these limits besides, written as in a policy; at most 16. */
    public GrantDraft limits(JsonArray limits) {
        return with(terms.tools(), terms.scopes(), terms.policyId(), limits, terms.budget(), terms.delegationDepth(),
                terms.settlesBelowReserve());
    }

    /** So much may be spent in all; null for no budget of its own. */
    public GrantDraft budget(@Nullable Money budget) {
        return with(terms.tools(), terms.scopes(), terms.policyId(), terms.limits(), budget, terms.delegationDepth(),
                terms.settlesBelowReserve());
    }

    /** It can be delegated, with so many grants below one another, 1 to 7; 0 when it cannot. */
    public GrantDraft delegable(int depth) {
        return with(terms.tools(), terms.scopes(), terms.policyId(), terms.limits(), terms.budget(), depth,
                terms.settlesBelowReserve());
    }

    /** A call that the agent runs itself may be settled below what was reserved for it. */
    public GrantDraft settlingBelowReserve() {
        return with(terms.tools(), terms.scopes(), terms.policyId(), terms.limits(), terms.budget(),
                terms.delegationDepth(), true);
    }

    GrantTerms terms() {
        return terms;
    }

    private GrantDraft with(List<String> tools, List<String> scopes, @Nullable String policyId, JsonArray limits,
            @Nullable Money budget, int depth, boolean settlesBelow) {
        return new GrantDraft(new GrantTerms(terms.subject(), tools, scopes, policyId, limits, budget,
                terms.expiresAt(), depth, settlesBelow));
    }

    @Override
    public String toString() {
        return "GrantDraft[" + terms.subject() + " " + terms.tools() + "]";
    }
}
