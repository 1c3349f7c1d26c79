package io.agentpassport.server.gateway.call;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.store.RowInput;
import io.agentpassport.server.store.RowOutput;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that was allowed, as it is kept for as long as its request id is used up.
 *
 * @param digest
 *            of the signed request
 * @param reservation
 *            its name until it is settled
 * @param tool
 *            {@code upstream/name}
 * @param policy
 *            {@code ID@VERSION} of the policy that judged last; null when no policy did
 * @param decided
 *            index of its entry in the log
 * @param decidedAt
 *            in whole milliseconds
 * @param settled
 *            what came of it, null while it is open
 */
public record CallRow(String digest, CallMode mode, ReservationId reservation, String tool, GrantId grant,
        @Nullable String policy, long decided, Instant decidedAt, @Nullable Settled settled) {

    private static final int FORM = 2;
    /** Rows of before, which did not say what no budget covered. */
    private static final int WITHOUT_UNCOVERED = 1;

    /**
     * How a call ended.
     *
     * @param entry
     *            index of the entry that settles it
     * @param cost
     *            what it cost, or null
     * @param isError
     *            whether the tool said that it failed
     * @param rule
     *            the rule that kept the result back, or null
     * @param uncovered
     *            how much of the cost nobody pays, for its budget or its request went no further; null when all is paid
     */
    public record Settled(CallOutcome outcome, long entry, Instant at, @Nullable Money cost, boolean isError,
            @Nullable String rule, @Nullable Money uncovered) {

        /** What is told of it: that there is a result only while the result is kept. */
        public CallOutcome told(CallRows.@Nullable Answer kept) {
            return outcome == CallOutcome.RESULT && kept == null ? CallOutcome.ALREADY_DONE : outcome;
        }

        /** What was charged: the cost, as far as the budget went. */
        public @Nullable Money charged() {
            Money all = cost;
            Money rest = uncovered;
            Decimal paid = all == null || rest == null ? null : all.amount().minus(rest.amount());
            return all == null || paid == null ? all : new Money(paid, all.currency());
        }
    }

    CallRow settledBy(Settled how) {
        return new CallRow(digest, mode, reservation, tool, grant, policy, decided, decidedAt, how);
    }

    /** The first instant at which the request id is free again. */
    Instant expiresAt() {
        return decidedAt.plus(GatewayLimits.CONSUMED);
    }

    byte[] encode() {
        RowOutput out = new RowOutput(FORM, 320).text(digest)
                .text(mode.text())
                .text(reservation.text())
                .text(tool)
                .text(grant.text())
                .text(policy == null ? "" : policy)
                .number(decided)
                .number(decidedAt.toEpochMilli());
        Settled how = settled;
        if (how == null) {
            return out.small(0).toByteArray();
        }
        out.small(1).text(how.outcome.text()).number(how.entry).number(how.at.toEpochMilli());
        write(out, how.cost);
        out.small(how.isError ? 1 : 0).text(how.rule == null ? "" : how.rule);
        write(out, how.uncovered);
        return out.toByteArray();
    }

    static CallRow decode(byte[] bytes) {
        RowInput in = new RowInput(bytes);
        int form = in.form();
        if (form != FORM && form != WITHOUT_UNCOVERED) {
            throw new IllegalArgumentException("no form of a call: " + form);
        }
        String digest = in.text();
        CallMode mode = CallMode.fromText(in.text());
        ReservationId reservation = new ReservationId(in.text());
        String tool = in.text();
        GrantId grant = new GrantId(in.text());
        String policy = orNull(in.text());
        long decided = in.number();
        Instant decidedAt = Instant.ofEpochMilli(in.number());
        Settled how = in.small() == 0 ? null
                : new Settled(outcome(in.text()), in.number(), Instant.ofEpochMilli(in.number()),
                        money(in), in.small() == 1, orNull(in.text()), form == FORM ? money(in) : null);
        in.end();
        return new CallRow(digest, mode, reservation, tool, grant, policy, decided, decidedAt, how);
    }

    private static CallOutcome outcome(String text) {
        CallOutcome outcome = CallOutcome.fromText(text);
        if (outcome == null) {
            throw new IllegalArgumentException("no outcome of a call: " + text);
        }
        return outcome;
    }

    static void write(RowOutput out, @Nullable Money money) {
        out.text(money == null ? "" : money.amount().text()).text(money == null ? "" : money.currency());
    }

    static @Nullable Money money(RowInput in) {
        String amount = in.text();
        String currency = in.text();
        if (amount.isEmpty()) {
            return null;
        }
        Decimal decimal = Decimal.fromText(amount);
        if (decimal == null) {
            throw new IllegalArgumentException("an amount is a decimal");
        }
        return new Money(decimal, currency);
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
