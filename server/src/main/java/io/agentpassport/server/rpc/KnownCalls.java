package io.agentpassport.server.rpc;

import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.server.gateway.call.CallMode;
import io.agentpassport.server.gateway.call.CallRow;
import io.agentpassport.server.gateway.call.CallRows;
import io.agentpassport.server.gateway.call.Gateway;
import io.agentpassport.server.gateway.call.OpenCall;
import io.agentpassport.wire.GatewayAnswers;
import org.jspecify.annotations.Nullable;

/** What is known of a call that was allowed, as a value of the contract. */
final class KnownCalls {

    private KnownCalls() {}

    /** @param withResult whether the result is shown: to the agent, not to an admin */
    static GatewayAnswers.KnownCall encode(Gateway.Found found, boolean withResult, @Nullable Receipt receipt) {
        CallRow row = found.row();
        CallRow.Settled how = row.settled();
        OpenCall open = found.open();
        var decision = ToolCallAnswers.decision(found.report(), null);
        if (how == null && row.mode() == CallMode.AUTHORIZE && open != null) {
            return new GatewayAnswers.KnownCall(GatewayAnswers.State.AUTHORIZED, decision, null,
                    new GatewayAnswers.Authorized(row.reservation().text(), open.dueAt(), open.reserved(), null),
                    receipt);
        }
        if (how == null) {
            return new GatewayAnswers.KnownCall(GatewayAnswers.State.RUNNING, decision, null, null, receipt);
        }
        CallRows.Answer answer = found.answer();
        return new GatewayAnswers.KnownCall(GatewayAnswers.State.SETTLED, decision,
                ToolCallAnswers.ran(how.told(answer), answer == null || !withResult ? null : answer.result(),
                        how.isError(), how.charged(), how.uncovered(), true),
                null, receipt);
    }
}
