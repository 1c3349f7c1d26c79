package io.agentpassport.client.example;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogKey;
import java.time.Duration;
import java.util.function.Consumer;

/** The README's tool call. */
final class GatewayExample {

    private GatewayExample() {}

    static void run(PassportClient client, AgentIdentity me, AuthenticatedSession session, Consumer<JsonObject> use,
            Consumer<String> log) {
        // README: GatewayExample
        // The service's trust bundle names its log key, signed by the publisher; ./passport server prints it too.
        LogKey logKey = client.trust().logKey(me.audience(), me.publisher());
        ToolGateway tools = session.tools().verifyingBy(logKey); // an answer without a valid receipt is not believed

        JsonObject arguments = JsonObject.builder().put("amount", "19.99").put("currency", "USD").build();
        SignedToolRequest request = tools.sign(ToolRequest.of("shop/create_charge", arguments));

        ToolCallAnswer answer = tools.send(request);
        if (answer instanceof ToolDenial.ApprovalRequired held && held.approvalId() != null) {
            session.approvals().awaitDecision(held.approvalId(), Duration.ofMinutes(10));
            answer = tools.send(request); // the very same request: approved or not, it runs once at most
        }
        if (answer instanceof ToolCallAnswer.Completed done) {
            use.accept(done.result()); // allowed, and done.receipt() proves it to anyone
        } else if (answer instanceof ToolDenial denied) {
            log.accept(denied.decision().code() + ": " + denied.decision().message()); // DENY_IF: Charges above …
        }
        // README: end
    }
}
