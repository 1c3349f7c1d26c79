package io.agentpassport.server.rpc;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetLimits;
import io.agentpassport.server.gateway.budget.BudgetRefusal;
import io.agentpassport.server.gateway.budget.BudgetSnapshot;
import io.agentpassport.server.gateway.grant.GrantTerms.Fault;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.policy.Problem;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.GrantTerms;
import io.agentpassport.wire.RequestId;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a grant was not made, as an error of the contract. */
final class GrantRefusals {

    private static final String TERMS = "terms.";

    private GrantRefusals() {}

    /**
     * The error of a refusal.
     *
     * @param parentId
     *            the grant to delegate; empty for a root
     * @param there
     *            the budget that the grant's was to be carved out of, if there is one
     */
    static ServiceError error(Grants.MakeOutcome outcome, String parentId, GrantTerms asked, RequestId requestId,
            @Nullable BudgetSnapshot there) {
        return switch (outcome) {
            case Grants.Made made -> throw new IllegalArgumentException("a grant that was made is no refusal");
            case Grants.Unacceptable refused ->
                ServiceErrors.invalidField(TERMS + refused.fault().field(), refused.fault().problem());
            case Grants.Wider wider -> {
                Fault fault = wider.fault();
                yield GatewayErrors.grantNotNarrower(TERMS + fault.field(), fault.problem());
            }
            case Grants.LimitsInvalid invalid -> {
                Problem first = invalid.problems().getFirst();
                yield GatewayErrors.policyInvalid("terms.limits_json", inArray(first.pointer()), first.message(),
                        invalid.problems().size());
            }
            case Grants.PolicyUnknown unknown -> GatewayErrors.policyNotFound(unknown.policy(), 0);
            case Grants.ParentUnknown unknown -> GatewayErrors.grantNotFound(parentId);
            case Grants.ParentOver over ->
                GatewayErrors.grantNotActive(parentId, over.state().name().toLowerCase(Locale.ROOT));
            case Grants.Apart apart -> GatewayErrors.partitionsApart();
            case Grants.TooMany many -> GatewayErrors.quotaReached("grants_per_agent");
            case Grants.TooManyBelow many -> GatewayErrors.quotaReached("grants_below_grant");
            case Grants.RequestReused reused -> ServiceErrors.requestIdReused(requestId);
            case Grants.Unfunded unfunded -> unfunded(unfunded.reason(), asked, requestId, there);
        };
    }

    private static ServiceError unfunded(BudgetRefusal reason, GrantTerms asked, RequestId requestId,
            @Nullable BudgetSnapshot there) {
        if (there != null) {
            String field = reason == BudgetRefusal.LIFE ? "terms.expires_at" : "terms.budget";
            return BudgetRefusals.error(reason, there.id(), there, field, requestId);
        }
        Money budget = asked.budget();
        if (reason == BudgetRefusal.TOO_MUCH && budget != null) {
            return GatewayErrors.budgetTooLarge(BudgetLimits.MAX_TOTAL.text(), budget.currency());
        }
        return reason == BudgetRefusal.LIFE
                ? ServiceErrors.invalidField("terms.expires_at", "must be later, for a budget to live that long")
                : ServiceErrors.invalidField("terms.budget", "must be more than " + Decimal.ZERO.text());
    }

    /** Where it is in the array that the request holds. */
    private static String inArray(String pointer) {
        return pointer.startsWith("/limits") ? pointer.substring("/limits".length()) : pointer;
    }
}
