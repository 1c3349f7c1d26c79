package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A limit of a policy, or of a grant.
 *
 * <p>
 * A counter is found by (who owns it: the policy's id or the grant's, never a version), {@code counter}, window,
 * algorithm, scope with its subject, and the value at {@code per}. So a new version of a policy goes on where the old
 * one was, and two tools that name one counter share it.
 *
 * @param pointer
 *            where it stands, such as {@code /tools/create_charge/limits/0}
 * @param counter
 *            its name, 1 to 300 characters; dialect b says {@code TOOL.COUNTER}
 * @param window
 *            when it begins anew
 * @param max
 *            the most that a window takes; null for a counter that only counts, for conditions on {@code state}
 * @param scope
 *            whose calls are counted together
 * @param per
 *            a path whose text or number splits the counter, such as a currency; null when nothing does
 * @param algorithm
 *            how it forgets
 * @param cost
 *            what a call takes
 * @param onError
 *            whether a tool's failure gives it back
 */
public record LimitRule(String pointer, String counter, Window window, @Nullable Decimal max, LimitScope scope,
        @Nullable FactPath per, LimitAlgorithm algorithm, Cost cost, OnError onError) {

    /** The longest name of a counter, in characters. */
    public static final int MAX_COUNTER_CHARACTERS = 300;

    /** The name and the maximum are in bounds, and only windows of seconds forget bit by bit. */
    public LimitRule {
        if (counter.isEmpty() || counter.length() > MAX_COUNTER_CHARACTERS) {
            throw new IllegalArgumentException("a counter's name is 1 to 300 characters");
        }
        if (max != null && max.sign() < 0) {
            throw new IllegalArgumentException("a maximum is not negative");
        }
        if (algorithm != LimitAlgorithm.FIXED && (window.kind() != Window.Kind.SECONDS || max == null)) {
            throw new IllegalArgumentException("only a maximum per window of seconds can slide or fill");
        }
    }

    /** Whether the two count on one counter, whatever each lets through. */
    public boolean countsTogetherWith(LimitRule other) {
        return counter.equals(other.counter) && window.equals(other.window) && scope == other.scope
                && algorithm == other.algorithm && Objects.equals(per, other.per);
    }

    /** Whether every call takes the same, from one counter. */
    boolean isFixed() {
        return per == null && cost instanceof Cost.Fixed;
    }

    /** What a call takes of this limit: {@link LimitCharge}, or {@link Uncountable}. */
    public Charge charge(CallFacts facts) {
        Decimal amount = cost.of(facts);
        if (amount == null) {
            return new Uncountable(pointer, "What this call costs must be a number that is not negative"
                    + (cost instanceof Cost.From from ? ", with at most " + from.scale() + " decimals, at "
                            + from.path() : "")
                    + ".");
        }
        String split = split(facts);
        if (split == null) {
            return new Uncountable(pointer, "A text or a number must stand at " + per + ".");
        }
        return new LimitCharge(this, amount, split);
    }

    /** What splits the counter of a call: empty when nothing does, null when the call does not say. */
    @Nullable
    String split(CallFacts facts) {
        if (per == null) {
            return "";
        }
        String value = LimitCharge.split(per.in(facts));
        return value == null ? null : per.text() + "=" + value;
    }

    /** What came of asking for a charge. */
    public sealed interface Charge permits LimitCharge, Uncountable {}

    /** The call cannot be counted, so it is denied. */
    public record Uncountable(String pointer, String message) implements Charge {}
}
