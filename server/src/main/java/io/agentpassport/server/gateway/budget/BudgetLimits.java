package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import java.time.Duration;

/** What a budget session may be. */
public final class BudgetLimits {

    /** What a session is funded with when nothing is said. */
    public static final Money DEFAULT_TOTAL = new Money(Decimal.of(10), "USD");

    /** The most that a session may be funded with in all. */
    public static final Decimal MAX_TOTAL = Decimal.of(10_000);

    /** How long a session lives when nothing is said. */
    public static final Duration DEFAULT_LIFE = Duration.ofHours(24);

    /** The shortest life of a session. */
    public static final Duration MIN_LIFE = Duration.ofSeconds(1);

    /** The longest life of a session, extensions included. */
    public static final Duration MAX_LIFE = Duration.ofDays(366);

    /** For how long after its longest life a session and its ledger can still be read. */
    public static final Duration RETENTION = Duration.ofDays(30);

    /** How many sessions may stand above one another. */
    public static final int MAX_DEPTH = 8;

    /** How many children of a session may be open at once. */
    public static final int MAX_CHILDREN = 256;

    /** The longest key of a call, in characters. */
    public static final int MAX_CALL_KEY_CHARACTERS = 160;

    /** For how long a request id stays used. */
    public static final Duration REQUEST_MEMORY = Duration.ofHours(24);

    private BudgetLimits() {}
}
