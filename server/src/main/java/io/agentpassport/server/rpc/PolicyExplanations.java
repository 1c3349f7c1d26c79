package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.ExplainToolCallResponse;
import io.agentpassport.server.gateway.call.CallExplainer;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.PolicyAnswers;
import io.agentpassport.wire.PolicyRequests;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a call would be judged, as the contract says it. */
record PolicyExplanations(CallExplainer explainer, AgentFacts agents, PolicySources sources, InstantSource clock) {

    private static final int MAX_STEPS = 1_000;

    /** The answer to a question. Reads the store. */
    CompletableFuture<Answer<ExplainToolCallResponse>> explain(PolicyRequests.Question asked) {
        PolicyRequests.Source source = asked.policy();
        PolicySources.Found found = source == null ? null : sources.find("policy", source);
        if (found instanceof PolicySources.Missing missing) {
            return Answer.<ExplainToolCallResponse>refused(missing.error()).now();
        }
        CallExplainer.Judge judge = found instanceof PolicySources.There there
                ? new CallExplainer.Judge(there.ref(), there.document())
                : null;
        return explain(asked, judge);
    }

    private CompletableFuture<Answer<ExplainToolCallResponse>> explain(PolicyRequests.Question asked,
            CallExplainer.@Nullable Judge judge) {
        Instant now = clock.instant();
        Instant at = Objects.requireNonNullElse(asked.now(), now);
        String grant = asked.grantId();
        var question = new CallExplainer.Question(asked.agent(), agents.of(asked.agent()),
                grant == null ? null : new GrantId(grant), asked.tool(), asked.params(), asked.scopeRequired(), judge,
                at);
        return explainer.explain(question, now).thenApply(outcome -> switch (outcome) {
            case CallExplainer.GrantUnknown unknown ->
                Answer.refused(GatewayErrors.grantNotFound(unknown.grant().text()));
            case CallExplainer.Explained explained -> Answer.of(PolicyAnswers.explained(
                    ToolCallAnswers.decision(explained.report(), null), steps(explained.steps()), at));
        });
    }

    private static List<PolicyAnswers.Step> steps(List<CallExplainer.Step> steps) {
        return steps.stream()
                .limit(MAX_STEPS)
                .map(step -> new PolicyAnswers.Step(step.rule(),
                        PolicyAnswers.Passing.valueOf(step.result().name()),
                        DecisionCode.valueOf(step.code().name()), step.message()))
                .toList();
    }
}
