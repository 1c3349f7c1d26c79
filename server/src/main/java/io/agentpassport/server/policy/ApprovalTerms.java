package io.agentpassport.server.policy;

import java.util.List;

/**
 * When a person is asked, and who.
 *
 * @param rule
 *            what is then asked for
 * @param when
 *            conditions that must all hold; what cannot be told asks as well
 */
record ApprovalTerms(ApprovalRule rule, List<Condition> when) {

    ApprovalTerms {
        when = List.copyOf(when);
    }

    boolean asks(CallFacts facts) {
        for (Condition condition : when) {
            if (condition.of(facts, null) == Truth.FAILS) {
                return false;
            }
        }
        return true;
    }
}
