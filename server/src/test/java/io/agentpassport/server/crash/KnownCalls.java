package io.agentpassport.server.crash;

import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GetToolCallRequest;
import io.agentpassport.proto.v1.GetToolCallResponse;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.ToolCallState;
import io.agentpassport.server.crash.Finding.Kind;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks GetToolCall, as an admin does, for calls that were allowed: each is settled, as it was answered. */
final class KnownCalls {

    /** The last ones. */
    private static final int MOST = 60;

    private KnownCalls() {}

    static List<Finding> of(List<Call> calls, Service service) throws Exception {
        List<Call> allowed = calls.stream().filter(BooksCheck::wasAllowed).toList();
        ManagedChannel channel = Clients.channel(service);
        try {
            var gateway = GatewayServiceGrpc.newBlockingStub(channel);
            List<Finding> findings = new ArrayList<>();
            for (Call call : allowed.subList(Math.max(0, allowed.size() - MOST), allowed.size())) {
                findings.addAll(of(call, gateway));
            }
            return findings;
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static List<Finding> of(Call call, GatewayServiceGrpc.GatewayServiceBlockingStub gateway) {
        GetToolCallResponse known;
        try {
            known = gateway.withDeadlineAfter(30, TimeUnit.SECONDS)
                    .getToolCall(GetToolCallRequest.newBuilder()
                            .setRequestId(call.id())
                            .setAgent(Identity.newBuilder().setIssuerDomain("localhost").setBinding(call.agent()))
                            .build());
        } catch (StatusRuntimeException e) {
            return List.of(new Finding(Kind.LOST, call.sent() + " is not known: " + e.getMessage()));
        }
        String outcome = known.getAllowed().getOutcome().name().substring("TOOL_CALL_OUTCOME_".length());
        for (Told<Answer> told : call.sent().told()) {
            if (told instanceof Told.Acknowledged<Answer> answered && answered.answer() instanceof Answer.Ran ran
                    && (known.getState() != ToolCallState.TOOL_CALL_STATE_SETTLED
                            || !outcome.equals(ran.hasResult() ? "RESULT" : ran.outcome()))) {
                return List.of(new Finding(Kind.CHANGED, call.sent() + " is known as " + known));
            }
        }
        return List.of();
    }
}
