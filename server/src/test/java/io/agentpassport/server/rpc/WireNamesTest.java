package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.budget.BudgetStatus;
import io.agentpassport.server.gateway.budget.LedgerKind;
import io.agentpassport.server.gateway.call.CallOutcome;
import io.agentpassport.server.gateway.call.DecisionCode;
import io.agentpassport.server.gateway.grant.GrantStatus;
import io.agentpassport.server.policy.PolicyChange;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.TraceStep;
import io.agentpassport.server.policy.Verdict;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.BudgetAnswers;
import io.agentpassport.wire.BudgetRequests;
import io.agentpassport.wire.GatewayAnswers;
import io.agentpassport.wire.GrantRequests;
import io.agentpassport.wire.PolicyAnswers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A list that stands in a feature and in the contract is mapped by its names: one that is missing would fail a call. */
final class WireNamesTest {

    @Test
    void everyReasonOfAPolicyIsOneOfADecision() {
        assertEachIsOneOf(PolicyCode.values(), DecisionCode.values());
    }

    @Test
    void whatIsDecidedOfACallHasANameInTheContract() {
        assertEachIsOneOf(DecisionCode.values(), io.agentpassport.wire.DecisionCode.values());
        assertEachIsOneOf(CallOutcome.values(), GatewayAnswers.Run.values());
    }

    @Test
    void whatIsSaidOfAPolicyHasANameInTheContract() {
        assertEachIsOneOf(TraceStep.Result.values(), PolicyAnswers.Passing.values());
        assertEachIsOneOf(PolicyChange.Effect.values(), PolicyAnswers.Effect.values());
        assertThat(names(io.agentpassport.wire.DecisionCode.values())).contains(Verdict.UNKNOWN_TOOL,
                Verdict.APPROVAL_REQUIRED, Verdict.LIMIT, Verdict.ALLOWED);
    }

    @Test
    void theStatesOfApprovalsGrantsAndBudgetsHaveNamesInTheContract() {
        assertEachIsOneOf(Approval.State.values(), ApprovalRequests.State.values());
        assertEachIsOneOf(GrantStatus.State.values(), GrantRequests.State.values());
        assertEachIsOneOf(BudgetStatus.values(), BudgetRequests.Status.values());
        assertEachIsOneOf(LedgerKind.values(), BudgetAnswers.LedgerEntryKind.values());
    }

    @Test
    void everyStateThatAListIsAskedForIsKnown() {
        assertEachIsOneOf(ApprovalRequests.State.values(), Approval.State.values());
        assertEachIsOneOf(GrantRequests.State.values(), GrantStatus.State.values());
    }

    private static void assertEachIsOneOf(Enum<?>[] mapped, Enum<?>[] to) {
        assertThat(names(to)).containsAll(names(mapped));
    }

    private static List<String> names(Enum<?>[] constants) {
        return Stream.of(constants).map(Enum::name).toList();
    }
}
