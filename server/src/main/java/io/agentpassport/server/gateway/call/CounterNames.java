package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.Subjects;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.upstream.Tool;

/**
 * Which counter a limit means for a call: its owner (a policy or a grant, never a version, so that a new version counts on),
 * its name, whose calls it counts, and the value that splits it. The agent of a limit is the one that its grant was given
 * to: whatever that agent passes on is counted as its own, so that nobody gets more by having others call.
 *
 * @param owner
 *            the id of the policy, or that of the grant that has the limit itself
 * @param grant
 *            the grant that names the policy
 * @param principal
 *            who answers for the subject of that grant
 */
record CounterNames(IncomingCall call, Tool tool, String owner, Grant grant, String principal) {

    CounterId of(LimitCharge charge) {
        Identity subject = grant.subject();
        String agent = subject.equals(call.caller().identity()) ? call.caller().holder() : subject.hashText();
        var subjects = new Subjects(grant.id().text(), agent, principal, call.caller().id().text(),
                tool.upstream(), tool.name());
        return CounterId.of(charge, owner, subjects.of(charge.rule().scope()));
    }
}
