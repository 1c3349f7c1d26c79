package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a rule that asks about counters, with the counters found.
 *
 * @param rule
 *            the rule
 * @param parts
 *            its questions
 */
record StateRule(Rule rule, List<Part> parts) {

    /**
     * One question.
     *
     * @param counter
     *            how the document declares the counter
     * @param test
     *            what its value must be
     */
    record Part(LimitRule counter, DecimalTest test) {}

    StateRule {
        parts = List.copyOf(parts);
    }

    /** Whether it denies by several conditions of which one fails already, so that no counter need be asked. */
    boolean isIdle(CallFacts facts) {
        return !rule.requires() && rule.all(facts, null) == Truth.FAILS;
    }

    /**
     * What is to be asked on the writer, or null when a counter cannot be found because what splits it is missing.
     *
     * @param charges
     *            all that the call takes
     */
    StateCondition.@Nullable Part part(Part part, List<LimitCharge> charges, CallFacts facts) {
        Decimal cost = Decimal.ZERO;
        for (LimitCharge charge : charges) {
            if (charge.rule().countsTogetherWith(part.counter())) {
                Decimal sum = cost.plus(charge.cost());
                if (sum == null) {
                    return null;
                }
                cost = sum;
            }
        }
        String split = part.counter().split(facts);
        return split == null ? null
                : new StateCondition.Part(new LimitCharge(part.counter(), cost, split), part.test());
    }

    /** All that is to be asked on the writer: {@link StateCondition}, or null as for {@link #part}. */
    @Nullable
    StateCondition condition(List<LimitCharge> charges, CallFacts facts) {
        List<StateCondition.Part> found = new ArrayList<>(parts.size());
        for (Part part : parts) {
            StateCondition.Part one = part(part, charges, facts);
            if (one == null) {
                return null;
            }
            found.add(one);
        }
        return new StateCondition(rule.pointer(), rule.code(), rule.message(), found);
    }
}
