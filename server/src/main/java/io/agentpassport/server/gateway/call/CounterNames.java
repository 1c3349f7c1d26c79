package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.upstream.Tool;

/**
 * Which counter a limit means for a call: its owner (a policy or a grant, never a version, so that a new version counts on),
 * its name, whose calls it counts, and the value that splits it.
 *
 * @param owner
 *            the id of the policy, or that of the grant that has the limit itself
 * @param grant
 *            the grant that names the policy
 */
record CounterNames(IncomingCall call, Tool tool, String owner, String grant) {

    CounterId of(LimitCharge charge) {
        return CounterId.of(charge, owner, switch (charge.rule().scope()) {
            case GRANT -> grant;
            case AGENT -> call.caller().holder();
            case PRINCIPAL -> call.principal();
            case SESSION -> call.caller().id().text();
            case TOOL -> tool.text();
            case UPSTREAM -> tool.upstream();
            case GLOBAL -> "";
        });
    }
}
