package io.agentpassport.server.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a document says of one tool, or of all, in whatever dialect.
 *
 * @param pointer
 *            where it stands
 * @param rules
 *            in the order in which they are asked: what is required, then what is denied
 * @param limits
 *            what a call takes
 * @param schedule
 *            or null for always
 * @param schema
 *            of the arguments, or null
 * @param approval
 *            or null
 * @param price
 *            or null
 * @param response
 *            what results must pass
 * @param timeout
 *            or null for the usual
 */
record Entry(String pointer, List<Rule> rules, List<LimitRule> limits, @Nullable Schedule schedule,
        @Nullable ArgsSchema schema, @Nullable ApprovalTerms approval, @Nullable PriceRule price,
        ResponseRules response, @Nullable Duration timeout) {

    Entry {
        rules = List.copyOf(rules);
        limits = List.copyOf(limits);
    }

    boolean deniesAlways() {
        return rules.stream().anyMatch(Rule::deniesAlways);
    }
}
