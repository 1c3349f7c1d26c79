package io.agentpassport.server.gateway.call;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.Reservation;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.RowInput;
import io.agentpassport.server.store.RowOutput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an allowed call took and has not accounted for yet: all that is needed to settle it, also by a service that knows
 * nothing else of it any more.
 *
 * @param key
 *            whose call it is
 * @param agentId
 *            the binding of the agent
 * @param taken
 *            what was counted
 * @param refunds
 *            for each of them whether it is given back when the tool fails
 * @param budgetSession
 *            what is charged, or null
 * @param reserved
 *            what is held there, or null
 * @param settlesBelow
 *            whether the caller may settle for less than is held
 * @param decided
 *            index of its entry in the log
 * @param decidedAt
 *            in whole milliseconds
 * @param ceiling
 *            the most that the request lets it cost, or null
 */
public record OpenCall(CallKey key, String agentId, CallMode mode, List<Reservation> taken, List<Boolean> refunds,
        @Nullable BudgetSessionId budgetSession, @Nullable Money reserved, boolean settlesBelow, long decided,
        Instant decidedAt, @Nullable Money ceiling) {

    private static final int FORM = 2;
    /** Rows of before, which said whether they were settled, and no ceiling. */
    private static final int WITHOUT_CEILING = 1;
    private static final int MAX_TAKEN = 64;

    public OpenCall {
        taken = List.copyOf(taken);
        refunds = List.copyOf(refunds);
        if (taken.size() != refunds.size()) {
            throw new IllegalArgumentException("each thing taken is given back or not");
        }
    }

    /** The last instant at which the caller may settle it. */
    public Instant dueAt() {
        return decidedAt.plus(GatewayLimits.RESERVATION);
    }

    byte[] encode() {
        RowOutput out = new RowOutput(FORM, 256 + 96 * taken.size()).bytes(key.encode())
                .text(agentId)
                .text(mode.text())
                .number(taken.size());
        for (int i = 0; i < taken.size(); i++) {
            Reservation one = taken.get(i);
            out.text(one.counter().text())
                    .text(one.counter().window().text())
                    .small(algorithmCode(one.counter().algorithm()))
                    .number(one.window())
                    .text(one.cost().text())
                    .small(refunds.get(i) ? 1 : 0);
        }
        out.text(budgetSession == null ? "" : budgetSession.text());
        CallRow.write(out, reserved);
        out.small(settlesBelow ? 1 : 0).number(decided).number(decidedAt.toEpochMilli());
        CallRow.write(out, ceiling);
        return out.toByteArray();
    }

    static OpenCall decode(byte[] bytes) {
        RowInput in = new RowInput(bytes);
        int form = in.form();
        if (form != FORM && form != WITHOUT_CEILING) {
            throw new IllegalArgumentException("no form of an open call: " + form);
        }
        CallKey key = CallKey.decode(in.bytes());
        String agentId = in.text();
        CallMode mode = CallMode.fromText(in.text());
        int size = in.count(MAX_TAKEN);
        List<Reservation> taken = new ArrayList<>(size);
        List<Boolean> refunds = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            taken.add(reservation(in));
            refunds.add(in.small() == 1);
        }
        BudgetSessionId session = BudgetSessionId.fromText(CallRow.orNull(in.text()));
        Money reserved = CallRow.money(in);
        boolean settlesBelow = in.small() == 1;
        long decided = in.number();
        Instant decidedAt = Instant.ofEpochMilli(in.number());
        Money ceiling = null;
        if (form == FORM) {
            ceiling = CallRow.money(in);
        } else {
            in.small();
        }
        in.end();
        return new OpenCall(key, agentId, mode, taken, refunds, session, reserved, settlesBelow, decided, decidedAt,
                ceiling);
    }

    /** On disk, like all codes; rows of counters have others ({@code Alignment}), and neither may change. */
    private static int algorithmCode(LimitAlgorithm algorithm) {
        return switch (algorithm) {
            case FIXED -> 1;
            case SLIDING -> 2;
            case TOKEN_BUCKET -> 3;
        };
    }

    private static LimitAlgorithm algorithm(int code) {
        return switch (code) {
            case 1 -> LimitAlgorithm.FIXED;
            case 2 -> LimitAlgorithm.SLIDING;
            case 3 -> LimitAlgorithm.TOKEN_BUCKET;
            default -> throw new IllegalArgumentException("no algorithm of a counter: " + code);
        };
    }

    private static Reservation reservation(RowInput in) {
        String text = in.text();
        Window window = Window.fromText(in.text());
        LimitAlgorithm algorithm = algorithm(in.small());
        long place = in.number();
        Decimal cost = Decimal.fromText(in.text());
        if (window == null || cost == null) {
            throw new IllegalArgumentException("what was taken has a window and a cost");
        }
        return new Reservation(new CounterId(text, window, algorithm), place, cost);
    }
}
