package io.agentpassport.server.gateway.call;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of a call that was allowed. */
public enum CallOutcome {
    /** The tool answered; that it failed is an answer too. */
    RESULT,
    /** The service stopped while the tool ran: charged, and never run again. */
    UNKNOWN_OUTCOME,
    /** The tool answered, but the answer is no longer kept. */
    ALREADY_DONE,
    /** No answer in time: whether the tool did its work is not known. */
    UPSTREAM_TIMEOUT,
    /** The upstream could not be reached: the tool did not run. */
    UPSTREAM_UNREACHABLE,
    /** The tool answered more than may be passed on. */
    RESULT_TOO_LARGE,
    /** What the upstream answered is not of its protocol. */
    UPSTREAM_PROTOCOL,
    /** The tool answered, and the policy's rules for the response keep it back. */
    RESULT_WITHHELD,
    /** It was withdrawn between its decision and its run: the tool did not run. */
    NOT_RUN,
    /** Run by the caller itself, who said so. */
    SETTLED_BY_CALLER,
    /** Left to the caller to run, who never said what came of it. */
    NEVER_SETTLED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word in rows and in the log, such as {@code upstream_timeout}. */
    public String text() {
        return text;
    }

    /** The outcome of that word, or null. */
    public static @Nullable CallOutcome fromText(@Nullable String text) {
        for (CallOutcome outcome : values()) {
            if (outcome.text().equals(text)) {
                return outcome;
            }
        }
        return null;
    }
}
