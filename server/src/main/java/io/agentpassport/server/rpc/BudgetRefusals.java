package io.agentpassport.server.rpc;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.gateway.budget.BudgetLimits;
import io.agentpassport.server.gateway.budget.BudgetRefusal;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.BudgetSnapshot;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.RequestId;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a budget session was not changed, as an error of the contract. */
final class BudgetRefusals {

    private BudgetRefusals() {}

    /**
     * The error of a refusal.
     *
     * @param asked
     *            the session that the request names: the one to change, or the parent of a new one
     * @param there
     *            that session, or null when there is none
     * @param field
     *            of the request that says an amount or a time
     */
    static ServiceError error(BudgetRefusal refusal, BudgetSessionId asked, @Nullable BudgetSnapshot there,
            String field, RequestId requestId) {
        String currency = there == null ? BudgetLimits.DEFAULT_TOTAL.currency() : there.currency();
        return switch (refusal) {
            case UNKNOWN -> GatewayErrors.budgetSessionNotFound(asked.text());
            case CURRENCY -> GatewayErrors.currencyMismatch(currency);
            case AMOUNT -> ServiceErrors.invalidField(field, "must be more than 0");
            case EXHAUSTED -> GatewayErrors.budgetInsufficient(asked.text(),
                    (there == null ? Decimal.ZERO : there.remaining()).text(), currency);
            case EXPIRED, ENDED, REVOKED ->
                GatewayErrors.budgetSessionNotActive(asked.text(), refusal.name().toLowerCase(Locale.ROOT));
            case TOO_MUCH -> GatewayErrors.budgetTooLarge(BudgetLimits.MAX_TOTAL.text(), currency);
            case LIFE -> ServiceErrors.invalidField(field,
                    "must be later than now, within 366 days of the beginning, and not beyond the parent's end");
            case TOO_DEEP -> GatewayErrors.quotaReached("budget_session_depth");
            case TOO_MANY -> GatewayErrors.quotaReached("budget_session_children");
            case OTHER_PARTITION -> GatewayErrors.partitionsApart();
            case ID_REUSED -> ServiceErrors.requestIdReused(requestId);
        };
    }
}
