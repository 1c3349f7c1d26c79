package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.Subjects;
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
        var subjects = new Subjects(grant, call.caller().holder(), call.principal(), call.caller().id().text(),
                tool.upstream(), tool.name());
        return CounterId.of(charge, owner, subjects.of(charge.rule().scope()));
    }
}
