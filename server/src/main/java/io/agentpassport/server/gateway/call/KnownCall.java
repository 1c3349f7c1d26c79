package io.agentpassport.server.gateway.call;

import io.agentpassport.server.store.PartitionId;
import java.util.List;

/** What is answered of a call that was allowed, from what is kept of it. */
final class KnownCall {

    private KnownCall() {}

    /** The answer to the same request, asked again. */
    static CallAnswer answer(Decision.Known known, PartitionId partition) {
        CallRow row = known.row();
        CallRow.Settled how = row.settled();
        CallReport report = report(row, partition).with(known.limits(), known.budget());
        if (how == null && row.mode() == CallMode.AUTHORIZE) {
            OpenCall open = known.open();
            return new CallAnswer.Authorized(report, row.reservation(),
                    row.decidedAt().plus(GatewayLimits.RESERVATION), open == null ? null : open.reserved(), null);
        }
        if (how == null) {
            return new CallAnswer.Running(Gateway.ASK_AGAIN);
        }
        CallRows.Answer answer = known.answer();
        return new CallAnswer.Ran(report, how.told(answer), answer == null ? null : answer.result(),
                how.isError(), how.charged(), how.uncovered(), true);
    }

    /** What was decided of it. */
    static CallReport report(CallRow row, PartitionId partition) {
        CallRow.Settled how = row.settled();
        return new CallReport(DecisionCode.ALLOWED, how == null ? null : how.rule(), row.policy(), row.grant(), "",
                null, null, List.of(), null,
                new CallReport.Logged(partition, row.decided(), how == null ? null : how.entry(), List.of()));
    }

    /** The answer to a call that the caller runs. */
    static CallAnswer authorized(Decision.Allowed allowed, CallPlan plan) {
        OpenCall open = allowed.open();
        if (open == null) {
            throw new IllegalStateException("what is authorised is open");
        }
        return new CallAnswer.Authorized(allowed.report(), allowed.reservation(), open.dueAt(), open.reserved(),
                plan.timeout());
    }
}
