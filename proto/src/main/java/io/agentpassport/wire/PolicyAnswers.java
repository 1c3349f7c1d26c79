package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.proto.v1.DiffPoliciesResponse;
import io.agentpassport.proto.v1.ExplainToolCallResponse;
import io.agentpassport.proto.v1.GetPolicyResponse;
import io.agentpassport.proto.v1.ListPoliciesResponse;
import io.agentpassport.proto.v1.PolicyChange;
import io.agentpassport.proto.v1.PolicyChangeEffect;
import io.agentpassport.proto.v1.PolicyDocument;
import io.agentpassport.proto.v1.PolicyFormat;
import io.agentpassport.proto.v1.PolicyProblem;
import io.agentpassport.proto.v1.PolicyProblemSeverity;
import io.agentpassport.proto.v1.PolicyVersion;
import io.agentpassport.proto.v1.PutPolicyResponse;
import io.agentpassport.proto.v1.SimulatePolicyResponse;
import io.agentpassport.proto.v1.SimulatedDifference;
import io.agentpassport.proto.v1.TraceResult;
import io.agentpassport.proto.v1.TraceStep;
import io.agentpassport.proto.v1.ValidatePolicyResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of policy_service.proto as values, and their encoding. */
public final class PolicyAnswers {

    private PolicyAnswers() {}

    /**
     * A version of a policy.
     *
     * @param document null where it is left out
     * @param documentDigest {@code sha256:HEX} of its text
     * @param inForce whether it is the newest
     * @param shadow whether it only watches
     * @param reason may be empty
     */
    public record Policy(PolicyName version, PolicyRequests.@Nullable Document document,
            String documentDigest, boolean inForce, boolean shadow, Instant createdAt, String createdBy,
            String reason) {}

    /**
     * What is wrong with a document, or may be.
     *
     * @param pointer empty for the whole
     * @param error whether the document is refused for it
     * @param line from 1; 0 when it is not known
     */
    public record Problem(String pointer, String message, boolean error, int line) {}

    /** Whether a step of a trace lets the call pass. */
    public enum Passing {
        /** It does. */
        PASSED,
        /** It denies the call. */
        DENIED,
        /** An earlier one denied. */
        NOT_REACHED,
        /** It would deny, but only watches. */
        SHADOWED,
        /** It depends on what is not known. */
        UNDECIDED
    }

    /** One step of a trace; the code is what it would deny with. */
    public record Step(String rule, Passing passing, @Nullable DecisionCode code, String message) {}

    /** What was, or would be, decided of a call; the rule may be null. */
    public record Verdict(DecisionCode code, @Nullable String rule) {}

    /** A call that would be judged otherwise. */
    public record Difference(long logIndex, Instant at, Identity agent, String tool, Verdict was, Verdict wouldBe) {}

    /** Which way a difference of documents goes. */
    public enum Effect {
        /** More calls pass. */
        LOOSER,
        /** Fewer calls pass. */
        STRICTER,
        /** It depends. */
        OTHER
    }

    /** One difference of two documents. */
    public record Change(String pointer, String message, Effect effect) {}

    /** Answers PutPolicy. */
    public static PutPolicyResponse put(Policy policy, List<Problem> warnings) {
        var response = PutPolicyResponse.newBuilder().setPolicy(encode(policy));
        warnings.forEach(warning -> response.addWarnings(encode(warning)));
        return response.build();
    }

    /** Answers GetPolicy. */
    public static GetPolicyResponse found(Policy policy) {
        return GetPolicyResponse.newBuilder().setPolicy(encode(policy)).build();
    }

    /** Answers ListPolicies. */
    public static ListPoliciesResponse listed(Page<Policy> page) {
        var response = ListPoliciesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(policy -> response.addPolicies(encode(policy)));
        return response.build();
    }

    /** Answers ValidatePolicy: valid when no problem is an error. */
    public static ValidatePolicyResponse validated(List<Problem> problems, int testsRun) {
        var response = ValidatePolicyResponse.newBuilder()
                .setValid(problems.stream().noneMatch(Problem::error))
                .setTestsRun(testsRun);
        problems.forEach(problem -> response.addProblems(encode(problem)));
        return response.build();
    }

    /** Answers ExplainToolCall. */
    public static ExplainToolCallResponse explained(Decision decision, List<Step> steps, Instant judgedAt) {
        var response = ExplainToolCallResponse.newBuilder()
                .setDecision(decision.encode())
                .setJudgedAt(WireTime.encode(judgedAt));
        for (Step step : steps) {
            var message = TraceStep.newBuilder()
                    .setRule(step.rule())
                    .setResult(TraceResult.valueOf("TRACE_RESULT_" + step.passing().name()))
                    .setMessage(step.message());
            DecisionCode code = step.code();
            response.addSteps(code == null ? message : message.setCode(code.encode()));
        }
        return response.build();
    }

    /** Answers SimulatePolicy. */
    public static SimulatePolicyResponse simulated(Page<Difference> page, long examined, long undecided) {
        var response = SimulatePolicyResponse.newBuilder()
                .setNextPageToken(page.nextToken())
                .setExamined(examined)
                .setUndecided(undecided);
        page.items()
                .forEach(difference -> response.addDifferences(SimulatedDifference.newBuilder()
                        .setLogIndex(difference.logIndex())
                        .setAt(WireTime.encode(difference.at()))
                        .setAgent(Identities.encode(difference.agent()))
                        .setTool(difference.tool())
                        .setWas(difference.was().code().encode())
                        .setWasRule(text(difference.was().rule()))
                        .setWouldBe(difference.wouldBe().code().encode())
                        .setWouldBeRule(text(difference.wouldBe().rule()))));
        return response.build();
    }

    /** Answers DiffPolicies. */
    public static DiffPoliciesResponse differing(List<Change> changes) {
        var response = DiffPoliciesResponse.newBuilder();
        changes.forEach(change -> response.addChanges(PolicyChange.newBuilder()
                .setPointer(change.pointer())
                .setMessage(change.message())
                .setEffect(PolicyChangeEffect.valueOf("POLICY_CHANGE_EFFECT_" + change.effect().name()))));
        return response.build();
    }

    static PolicyVersion encode(PolicyName version) {
        return PolicyVersion.newBuilder().setPolicyId(version.policyId()).setVersion(version.version()).build();
    }

    /** The document, also of a request. */
    public static PolicyDocument encode(PolicyRequests.Document document) {
        return PolicyDocument.newBuilder()
                .setText(ByteString.copyFromUtf8(document.text()))
                .setFormat(switch (document.format()) {
                    case JSON -> PolicyFormat.POLICY_FORMAT_JSON;
                    case YAML -> PolicyFormat.POLICY_FORMAT_YAML;
                })
                .build();
    }

    private static io.agentpassport.proto.v1.Policy encode(Policy policy) {
        var message = io.agentpassport.proto.v1.Policy.newBuilder()
                .setPolicy(encode(policy.version()))
                .setDocumentDigest(policy.documentDigest())
                .setInForce(policy.inForce())
                .setShadow(policy.shadow())
                .setCreatedAt(WireTime.encode(policy.createdAt()))
                .setCreatedBy(policy.createdBy())
                .setReason(policy.reason());
        PolicyRequests.Document document = policy.document();
        return (document == null ? message : message.setDocument(encode(document))).build();
    }

    private static PolicyProblem encode(Problem problem) {
        return PolicyProblem.newBuilder()
                .setPointer(problem.pointer())
                .setMessage(problem.message())
                .setSeverity(problem.error()
                        ? PolicyProblemSeverity.POLICY_PROBLEM_SEVERITY_ERROR
                        : PolicyProblemSeverity.POLICY_PROBLEM_SEVERITY_WARNING)
                .setLine(problem.line())
                .build();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
