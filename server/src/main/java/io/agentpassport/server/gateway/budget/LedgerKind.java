package io.agentpassport.server.gateway.budget;

import java.util.Locale;

/** What happened to the money of a session, each with its effect on the account. */
public enum LedgerKind {
    /** Put in, by an operator or out of the parent: total grows. */
    FUNDED(1),
    /** Set aside for a call or for a child: reserved grows. */
    RESERVED(2),
    /** Spent of what was set aside: reserved shrinks, used grows. */
    CONSUMED(3),
    /** Not needed of what was set aside: reserved shrinks. */
    RELEASED(4),
    /** Spent beyond what was set aside: used grows as far as something is left; when that is not all, nothing is left. */
    OVERRUN(5),
    /** Given back to the parent after the end: total shrinks. */
    REFUNDED(6);

    private final int code;

    LedgerKind(int code) {
        this.code = code;
    }

    /** The name on the wire. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** On disk. */
    int code() {
        return code;
    }

    static LedgerKind fromCode(int code) {
        for (LedgerKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of ledger entry is " + code);
    }
}
