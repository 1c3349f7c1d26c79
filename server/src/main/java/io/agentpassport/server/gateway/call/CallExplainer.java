package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantStatus;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.PolicySnapshot;
import io.agentpassport.server.policy.TraceStep.Result;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says how a call would be judged, rule by rule, with the counters and the budget as they stand. Nothing is counted, charged or
 * written. There is no session in such a question: conditions on one cannot be told, and count against the call, as they would
 * in a call whose session lacks what they ask for.
 */
public final class CallExplainer {

    private final Partitions partitions;
    private final Grants grants;
    private final Tools tools;
    private final Supplier<PolicySnapshot> policies;
    private final Function<Identity, String> principals;

    /** @param principals who answers for an identity; may read the store */
    public CallExplainer(Partitions partitions, Grants grants, Tools tools,
            Supplier<PolicySnapshot> policies, Function<Identity, String> principals) {
        this.partitions = partitions;
        this.grants = grants;
        this.tools = tools;
        this.policies = policies;
        this.principals = principals;
    }

    /**
     * A document to judge by.
     *
     * @param ref
     *            null when it is not kept; then nothing was counted by it yet
     */
    public record Judge(@Nullable PolicyRef ref, PolicyDocument document) {

        String rule(String pointer) {
            return ref == null ? "#" + pointer : ref.rule(pointer);
        }
    }

    /**
     * What is asked.
     *
     * @param facts
     *            what a policy may know of the agent
     * @param grant
     *            null for the one that a call would get
     * @param scope
     *            null for none
     * @param judge
     *            instead of the policies of the grant; null for those
     * @param at
     *            the instant to judge by; counters are as they stand now
     */
    public record Question(Identity agent, JsonObject facts, @Nullable GrantId grant, ToolName tool,
            JsonObject params, @Nullable String scope, @Nullable Judge judge, Instant at) {}

    /**
     * One step.
     *
     * @param rule
     *            {@code ID@VERSION#/pointer}, {@code GRANT_ID#/limits/0}, or the code of a check around policies
     * @param code
     *            what it would deny with
     */
    public record Step(String rule, Result result, DecisionCode code, String message) {}

    /** What is answered. */
    public sealed interface Outcome {}

    /** The agent holds no such grant. */
    public record GrantUnknown(GrantId grant) implements Outcome {}

    /** How it would be judged; the report has no place in a log. */
    public record Explained(CallReport report, List<Step> steps) implements Outcome {

        public Explained {
            steps = List.copyOf(steps);
        }
    }

    /** Answers a question. Reads the store. */
    public CompletableFuture<Outcome> explain(Question question, Instant now) {
        GrantId named = question.grant();
        GrantStatus status = named == null ? null : grants.get(named, null, now);
        if (named != null && (status == null || !status.grant().subject().equals(question.agent()))) {
            return CompletableFuture.completedFuture(new GrantUnknown(named));
        }
        var trace = new CallTrace(new CallTrace.Snapshots(tools, policies, grants::isRevoked, principals), question,
                partitions.of(question.agent()), now);
        trace.around(status, grants.load(question.agent()));
        GrantChain chain = trace.chain();
        if (chain != null) {
            trace.inside(chain);
        }
        BudgetSessionId session = chain == null ? null : chain.leaf().charges();
        Money price = trace.asksOfBudget();
        Partition partition = session == null ? null : partitions.byId(session.partition());
        return session == null || price == null || partition == null
                ? CompletableFuture.completedFuture(trace.explained(null))
                : partition.submit(rows -> CallBudgets.ask(rows, session, price)).thenApply(trace::explained);
    }
}
