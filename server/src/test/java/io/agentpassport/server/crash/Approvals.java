package io.agentpassport.server.crash;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.ToolGateway;

/** An agent that asks for what a person must approve, and the person. */
final class Approvals {

    private final World world;
    private final Clients clients;
    private final ToolGateway gateway;

    Approvals(World world, Clients clients, ToolGateway gateway) {
        this.world = world;
        this.clients = clients;
        this.gateway = gateway;
    }

    /** One call, which is approved and then sent twice. */
    void next() {
        Call call = world.windowed().asking();
        world.history().calls().add(call);
        finish(call);
    }

    /** As far as it comes: until the call ran, and was asked for once more. */
    void finish(Call call) {
        if (call.send(gateway, world.log()) instanceof Told.Acknowledged<Answer> told
                && told.answer() instanceof Answer.Denied waits && waits.approvalId() != null) {
            var approval = new Operation<ApprovalRecord>("approval " + waits.approvalId());
            world.history().approvals().add(approval);
            String id = waits.approvalId();
            if (approval.ask(() -> clients.admin()
                    .approvals()
                    .approve(clients.admin().approvals().get(id), "as agreed")) instanceof Told.Acknowledged
                    && call.send(gateway, world.log()) instanceof Told.Acknowledged) {
                call.send(gateway, world.log());
            }
        }
    }
}
