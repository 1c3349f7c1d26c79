package io.agentpassport.server.crash;

import java.util.EnumMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that should not be.
 *
 * @param what
 *            for people: which operation, what was seen, what was expected
 */
record Finding(Kind kind, String what) {

    /** How many are told. */
    private static final int FIRST = 8;

    /** How many there are of each kind, and the first ones; empty when there are none. */
    static String text(List<Finding> findings) {
        if (findings.isEmpty()) {
            return "";
        }
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        findings.forEach(finding -> counts.merge(finding.kind, 1, Integer::sum));
        return counts + ":\n" + findings.stream()
                .limit(FIRST)
                .map(finding -> finding.kind + ": " + finding.what)
                .collect(Collectors.joining("\n"));
    }

    /** Which promise does not hold. */
    enum Kind {
        /** What was acknowledged is not there. */
        LOST,
        /** What was acknowledged is told otherwise now. */
        CHANGED,
        /** One call ran twice. */
        RAN_TWICE,
        /** A call ran that was never allowed, or was refused. */
        RAN_UNALLOWED,
        /** More calls ran than a limit lets through. */
        LIMIT_EXCEEDED,
        /** More was spent than a budget has, or its books do not agree with what ran. */
        BUDGET_EXCEEDED,
        /** A join token gave two certificates. */
        TOKEN_USED_TWICE,
        /** An approval served two calls. */
        APPROVAL_USED_TWICE,
        /** What was revoked works. */
        REVOCATION_LOST,
        /** The log has a gap, does not verify, or is not what was shown of it. */
        LOG_BROKEN,
        /** The service could not be asked at all. */
        NOT_SERVING
    }
}
