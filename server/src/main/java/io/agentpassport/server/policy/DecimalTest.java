package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import java.util.List;

/**
 * What a counter's value must be.
 *
 * @param comparison
 *            how it is compared
 * @param bounds
 *            with what; one, but for in and not_in
 */
public record DecimalTest(Comparison comparison, List<Decimal> bounds) {

    /** How. */
    public enum Comparison {
        EQ, NEQ, IN, NOT_IN, LT, LTE, GT, GTE
    }

    /** Copies the list. */
    public DecimalTest {
        bounds = List.copyOf(bounds);
        if (bounds.isEmpty()) {
            throw new IllegalArgumentException("nothing to compare with");
        }
    }

    /** Whether the value passes. */
    public boolean holds(Decimal value) {
        return switch (comparison) {
            case EQ, IN -> bounds.contains(value);
            case NEQ, NOT_IN -> !bounds.contains(value);
            case LT -> value.compareTo(bounds.get(0)) < 0;
            case LTE -> value.compareTo(bounds.get(0)) <= 0;
            case GT -> value.compareTo(bounds.get(0)) > 0;
            case GTE -> value.compareTo(bounds.get(0)) >= 0;
        };
    }
}
