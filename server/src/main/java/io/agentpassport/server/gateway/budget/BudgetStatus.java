package io.agentpassport.server.gateway.budget;

import java.util.Locale;

/** How a budget session stands. Of several that apply, the last of these is said. */
public enum BudgetStatus {
    /** It can be charged. */
    ACTIVE,
    /** Nothing is left, or a call cost more than was left. Money that is added or released makes it active again. */
    EXHAUSTED,
    /** Its time is over. */
    EXPIRED,
    /** It was ended, or one above it was. */
    ENDED,
    /** Its grant was withdrawn, or that of one above it. */
    REVOKED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name on the wire. */
    public String text() {
        return text;
    }

    /** Whether it cannot be charged any more, whatever happens. */
    boolean isOver() {
        return this == EXPIRED || this == ENDED || this == REVOKED;
    }
}
