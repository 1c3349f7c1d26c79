package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a rule when all that can be said before the queue has been said: questions about counters.
 *
 * @param pointer
 *            which rule, such as {@code /tools/create_charge/rules/1}
 * @param code
 *            {@link PolicyCode#REQUIRE_FAILED} when all parts must hold, {@link PolicyCode#DENY_IF} when it denies as
 *            soon as all parts hold
 * @param message
 *            for the agent
 * @param parts
 *            at least one
 */
public record StateCondition(String pointer, PolicyCode code, String message, List<Part> parts) {

    /**
     * One question about one counter.
     *
     * @param charge
     *            which counter, and what this call takes of it: 0 when it only looks
     * @param test
     *            what its value must be with this call counted
     */
    public record Part(LimitCharge charge, DecimalTest test) {}

    /** Copies the list. */
    public StateCondition {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || (code != PolicyCode.REQUIRE_FAILED && code != PolicyCode.DENY_IF)) {
            throw new IllegalArgumentException("a condition on counters requires or denies");
        }
    }

    /** Whether the call may go on. A value that no decimal can hold fails, whichever way the rule asks. */
    public boolean holds(CounterView counters) {
        boolean all = true;
        for (Part part : parts) {
            Decimal value = counters.present(part.charge()).plus(part.charge().cost());
            if (value == null) {
                return false;
            }
            all &= part.test().holds(value);
        }
        return all == (code == PolicyCode.REQUIRE_FAILED);
    }

    /**
     * The first instant at which it holds when nothing is counted until then, or null: when it takes more than the ends of
     * windows (a call that ends, more counted, another amount), or one of them does not end.
     *
     * @param counters
     *            as they are now
     * @param ends
     *            when nothing of a counter counts any more; null when that is never
     */
    public @Nullable Instant holdsFrom(CounterView counters, Function<LimitCharge, @Nullable Instant> ends) {
        return parts.stream()
                .map(part -> ends.apply(part.charge()))
                .filter(Objects::nonNull)
                .sorted()
                .filter(instant -> holds(charge -> {
                    Instant end = ends.apply(charge);
                    return end != null && !end.isAfter(instant) ? Decimal.ZERO : counters.present(charge);
                }))
                .findFirst()
                .orElse(null);
    }

    /**
     * The denial when it does not hold.
     *
     * @param retryAt
     *            when it may hold; null when waiting does not help
     */
    public Judgement.Denied denied(@Nullable Instant retryAt) {
        return new Judgement.Denied(code, pointer, message, retryAt);
    }
}
