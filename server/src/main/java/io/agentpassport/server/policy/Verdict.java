package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.Judgement.Denied;
import io.agentpassport.server.policy.Judgement.Passed;

/**
 * What one document alone would answer a call, counters included: for tests in documents, explaining, and simulating. The
 * words are those of the gateway's decision codes.
 *
 * @param code
 *            {@code ALLOWED}, {@code UNKNOWN_TOOL}, a {@link PolicyCode}, {@code APPROVAL_REQUIRED} or {@code LIMIT}
 * @param pointer
 *            the rule that decided; empty when the call is allowed
 * @param message
 *            for people
 */
public record Verdict(String code, String pointer, String message) {

    /** The call may happen. */
    public static final String ALLOWED = "ALLOWED";
    /** The tool is hidden. */
    public static final String UNKNOWN_TOOL = "UNKNOWN_TOOL";
    /** A person must approve. */
    public static final String APPROVAL_REQUIRED = "APPROVAL_REQUIRED";
    /** A limit is used up. */
    public static final String LIMIT = "LIMIT";

    /** The verdict of a document as if it were in force, also of one that only watches. */
    public static Verdict of(PolicyDocument document, CallFacts facts, CounterView counters) {
        if (document.hides(facts.upstream(), facts.tool())) {
            return new Verdict(UNKNOWN_TOOL, document.hiddenBy(facts.upstream(), facts.tool()), "The tool is hidden.");
        }
        return of(document.judgeInForce(facts), counters);
    }

    /** The verdict that a judgement comes to, given the counters. */
    static Verdict of(Judgement judgement, CounterView counters) {
        return switch (judgement) {
            case Denied denied -> of(denied);
            case Passed passed -> {
                for (StateCondition condition : passed.state()) {
                    if (!condition.holds(counters)) {
                        yield of(condition.denied(null));
                    }
                }
                if (passed.approval() != null) {
                    yield new Verdict(APPROVAL_REQUIRED, passed.approval().pointer(), passed.approval().reason());
                }
                for (LimitCharge charge : passed.limits()) {
                    if (!fits(charge, counters)) {
                        yield new Verdict(LIMIT, charge.rule().pointer(), "The limit is used up.");
                    }
                }
                yield new Verdict(ALLOWED, "", "");
            }
        };
    }

    /** Whether a limit has room for what the call takes. */
    static boolean fits(LimitCharge charge, CounterView counters) {
        Decimal after = counters.present(charge).plus(charge.cost());
        Decimal max = charge.rule().max();
        return after != null && (max == null || after.compareTo(max) <= 0);
    }

    private static Verdict of(Denied denied) {
        return new Verdict(denied.code().name(), denied.pointer(), denied.message());
    }

    @Override
    public String toString() {
        return pointer.isEmpty() ? code : code + " by " + pointer;
    }
}
