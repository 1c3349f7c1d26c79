package io.agentpassport.server.gateway.budget;

/** Why nothing was done to a budget session. */
public enum BudgetRefusal {
    /** There is no such session. */
    UNKNOWN,
    /** The session has another currency, and nothing is ever converted. */
    CURRENCY,
    /** The amount is negative, or zero where something must move. */
    AMOUNT,
    /** What is left does not cover it, or a call before cost more than was left. */
    EXHAUSTED,
    /** The session's time is over. */
    EXPIRED,
    /** The session was ended, or one above it was. */
    ENDED,
    /** The session's grant was withdrawn, or that of one above it. */
    REVOKED,
    /** More than {@link BudgetLimits#MAX_TOTAL} in all. */
    TOO_MUCH,
    /** A life that is no longer than before, too short, too long, or longer than the parent's. */
    LIFE,
    /** More than {@link BudgetLimits#MAX_DEPTH} sessions above one another. */
    TOO_DEEP,
    /** More than {@link BudgetLimits#MAX_CHILDREN} open children. */
    TOO_MANY,
    /** A child lives in the partition of its parent. */
    OTHER_PARTITION,
    /** The id stands for a session already, or the request id for another request. */
    ID_REUSED;

    static BudgetRefusal of(BudgetStatus over) {
        return switch (over) {
            case EXPIRED -> EXPIRED;
            case ENDED -> ENDED;
            case REVOKED -> REVOKED;
            case ACTIVE, EXHAUSTED -> EXHAUSTED;
        };
    }
}
