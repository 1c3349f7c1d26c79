package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.DecisionCode;
import io.agentpassport.proto.v1.DiffPoliciesRequest;
import io.agentpassport.proto.v1.ExplainToolCallRequest;
import io.agentpassport.proto.v1.ExplainToolCallResponse;
import io.agentpassport.proto.v1.GetPolicyRequest;
import io.agentpassport.proto.v1.ListPoliciesRequest;
import io.agentpassport.proto.v1.ListPoliciesResponse;
import io.agentpassport.proto.v1.PolicyProblem;
import io.agentpassport.proto.v1.PolicyServiceGrpc;
import io.agentpassport.proto.v1.PutPolicyRequest;
import io.agentpassport.proto.v1.PutPolicyResponse;
import io.agentpassport.proto.v1.SimulatePolicyRequest;
import io.agentpassport.proto.v1.SimulatePolicyResponse;
import io.agentpassport.proto.v1.SimulatedDifference;
import io.agentpassport.proto.v1.ValidatePolicyRequest;
import io.agentpassport.proto.v1.ValidatePolicyResponse;
import io.agentpassport.wire.Decision;
import io.agentpassport.wire.Identities;
import io.agentpassport.wire.WireTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As an admin (mTLS): the policies that judge calls, and what others would say. */
public final class Policies {

    private final Asking asking;

    Policies(Asking asking) {
        this.asking = asking;
    }

    /**
     * What is wrong with a document, or may be.
     *
     * @param pointer a JSON Pointer into it; empty for the whole
     * @param severity {@code error}, for which it is refused, or {@code warning}
     */
    public record Problem(String pointer, String message, String severity) {

        static Problem of(PolicyProblem message) {
            return new Problem(message.getPointer(), message.getMessage(),
                    WireValues.word(message.getSeverity(), "POLICY_PROBLEM_SEVERITY_"));
        }
    }

    /** A document that is in force, and what it may not mean. */
    public record Put(PolicyRecord policy, List<Problem> warnings) {

        /** Copies the list. */
        public Put {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Makes a document the newest version of a policy; it judges from the next call on. One equal to the newest makes none.
     *
     * @param id {@code [a-z0-9][a-z0-9._-]{0,63}}
     * @param document JSON or YAML, at most 256 KiB
     * @param expectedVersion the version that must be the newest; 0 for any
     * @param reason for people who read the log, at most 256 characters; may be empty
     * @throws PassportException as REFUSED, with POLICY_INVALID and the first place that is wrong, or with
     *     POLICY_VERSION_CONFLICT
     */
    public Put put(String id, PolicySource.Written document, long expectedVersion, String reason) {
        PutPolicyRequest request = PutPolicyRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setPolicyId(id)
                .setDocument(document.message())
                .setExpectedVersion(expectedVersion)
                .setReason(reason)
                .build();
        PutPolicyResponse response = asking.ask(PolicyServiceGrpc.getPutPolicyMethod(), request);
        return new Put(PolicyRecord.of(response.getPolicy()),
                response.getWarningsList().stream().map(Problem::of).toList());
    }

    /**
     * One version with its document.
     *
     * @param version 0 for the one in force
     */
    public PolicyRecord get(String id, long version) {
        GetPolicyRequest request = GetPolicyRequest.newBuilder().setPolicyId(id).setVersion(version).build();
        return PolicyRecord.of(asking.ask(PolicyServiceGrpc.getGetPolicyMethod(), request).getPolicy());
    }

    /**
     * A page of policies, each in the version in force, by id; or of the versions of one, newest first. Without their
     * documents.
     *
     * @param id all versions of this one; null for every policy
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, of the same list; null begins
     */
    public Page<PolicyRecord> list(@Nullable String id, int pageSize, @Nullable String pageToken) {
        ListPoliciesRequest request = ListPoliciesRequest.newBuilder()
                .setPolicyId(id == null ? "" : id)
                .setPageSize(pageSize)
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListPoliciesResponse page = asking.ask(PolicyServiceGrpc.getListPoliciesMethod(), request);
        return new Page<>(page.getPoliciesList().stream().map(PolicyRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * Whether a document is valid.
     *
     * @param testsRun how many tests of its own were run
     */
    public record Check(boolean valid, List<Problem> problems, int testsRun) {

        /** Copies the list. */
        public Check {
            problems = List.copyOf(problems);
        }
    }

    /** Asks whether {@link #put} would take a document, and what is wrong with it. */
    public Check validate(PolicySource.Written document) {
        ValidatePolicyResponse response = asking.ask(PolicyServiceGrpc.getValidatePolicyMethod(),
                ValidatePolicyRequest.newBuilder().setDocument(document.message()).build());
        return new Check(response.getValid(), response.getProblemsList().stream().map(Problem::of).toList(),
                response.getTestsRun());
    }

    /**
     * One difference of two documents.
     *
     * @param pointer a JSON Pointer into the document that has it
     * @param message in words
     * @param effect {@code looser}, {@code stricter} or {@code other}
     */
    public record Change(String pointer, String message, String effect) {}

    /** Asks how two documents differ, by place; nothing when they say the same. */
    public List<Change> diff(PolicySource from, PolicySource to) {
        DiffPoliciesRequest request = DiffPoliciesRequest.newBuilder()
                .setFrom(PolicySource.encode(from))
                .setTo(PolicySource.encode(to))
                .build();
        return asking.ask(PolicyServiceGrpc.getDiffPoliciesMethod(), request)
                .getChangesList()
                .stream()
                .map(change -> new Change(change.getPointer(), change.getMessage(),
                        WireValues.word(change.getEffect(), "POLICY_CHANGE_EFFECT_")))
                .toList();
    }

    /**
     * A call that may be made.
     *
     * @param tool {@code upstream/name}, or a bare name
     * @param grantId the grant to judge by; null for the one that a call would get
     * @param scope the scope that it requires; null for none
     * @param policy by what to judge instead of the policies of the grant; null for those
     * @param at the instant to judge by; null for now
     */
    public record Question(Identity agent, String tool, JsonObject params, @Nullable String grantId,
            @Nullable String scope, @Nullable PolicySource policy, @Nullable Instant at) {

        /** Asks for that call as it would be judged now. */
        public static Question of(Identity agent, String tool, JsonObject params) {
            return new Question(agent, tool, params, null, null, null, null);
        }

        /** The same, judged by that document. */
        public Question judgedBy(PolicySource document) {
            return new Question(agent, tool, params, grantId, scope, document, at);
        }

        /** The same, under that grant. */
        public Question underGrant(String id) {
            return new Question(agent, tool, params, id, scope, policy, at);
        }
    }

    /**
     * One step of how a call is judged.
     *
     * @param rule {@code ID@VERSION#/pointer}, or the code of a check around policies
     * @param result {@code passed}, {@code denied}, {@code not_reached}, {@code shadowed} or {@code undecided}
     * @param code what it would deny with
     */
    public record Step(String rule, String result, String code, String message) {}

    /** How a call would be judged, and every rule that was asked, in order. */
    public record Explanation(Decision decision, List<Step> steps, Instant judgedAt) {

        /** Copies the list. */
        public Explanation {
            steps = List.copyOf(steps);
        }
    }

    /** Asks how a call would be judged, rule by rule, with counters and budget as they stand. Nothing is counted. */
    public Explanation explain(Question question) {
        ExplainToolCallRequest.Builder request = ExplainToolCallRequest.newBuilder()
                .setAgent(Identities.encode(question.agent()))
                .setTool(question.tool())
                .setParamsJson(ByteString.copyFrom(Jcs.bytes(question.params())))
                .setGrantId(question.grantId() == null ? "" : question.grantId())
                .setScopeRequired(question.scope() == null ? "" : question.scope());
        PolicySource policy = question.policy();
        Instant at = question.at();
        if (policy != null) {
            request.setPolicy(PolicySource.encode(policy));
        }
        if (at != null) {
            request.setNow(WireTime.encode(at));
        }
        ExplainToolCallResponse response = asking.ask(PolicyServiceGrpc.getExplainToolCallMethod(), request.build());
        return new Explanation(ToolAnswers.decision(response.getDecision()), response.getStepsList()
                .stream()
                .map(step -> new Step(step.getRule(), WireValues.word(step.getResult(), "TRACE_RESULT_"),
                        code(step.getCode()), step.getMessage()))
                .toList(), WireValues.instant(response.getJudgedAt()));
    }

    private static String code(DecisionCode code) {
        return code.name().substring("DECISION_CODE_".length());
    }

    /**
     * Which calls of the past to judge once more.
     *
     * @param policyId those that this policy judged
     * @param candidate by what to replace it
     * @param partition whose log is read, 4 hex digits
     * @param from the first instant; null begins with the log
     * @param to the last instant; null ends with the log
     */
    public record Simulation(String policyId, PolicySource candidate, String partition, @Nullable Instant from,
            @Nullable Instant to) {}

    /**
     * A call that would be judged otherwise.
     *
     * @param logIndex where the log has it
     * @param was the code of the decision, such as {@code ALLOWED}
     * @param wasRule by which rule; null when none decided
     * @param wouldBe the code that it would get
     * @param wouldBeRule by which rule; null when none would decide
     */
    public record Difference(long logIndex, Instant at, Identity agent, String tool, String was,
            @Nullable String wasRule, String wouldBe, @Nullable String wouldBeRule) {

        static Difference of(SimulatedDifference message) {
            return new Difference(message.getLogIndex(), WireValues.instant(message.getAt()),
                    new Identity(message.getAgent().getIssuerDomain(), message.getAgent().getBinding()),
                    message.getTool(), code(message.getWas()), WireValues.orNull(message.getWasRule()),
                    code(message.getWouldBe()), WireValues.orNull(message.getWouldBeRule()));
        }
    }

    /**
     * A piece of a simulation.
     *
     * @param differences what would differ, oldest first
     * @param examined how many calls were looked at
     * @param undecided how many of them cannot be judged, for values that the log does not keep
     */
    public record Simulated(Page<Difference> differences, long examined, long undecided) {}

    /**
     * Asks what would differ if another document had judged.
     *
     * @param pageSize how many differences at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, of the same simulation; null begins
     */
    public Simulated simulate(Simulation simulation, int pageSize, @Nullable String pageToken) {
        SimulatePolicyRequest.Builder request = SimulatePolicyRequest.newBuilder()
                .setPolicyId(simulation.policyId())
                .setCandidate(PolicySource.encode(simulation.candidate()))
                .setPartition(simulation.partition())
                .setPageSize(pageSize)
                .setPageToken(pageToken == null ? "" : pageToken);
        Instant from = simulation.from();
        Instant to = simulation.to();
        if (from != null) {
            request.setFrom(WireTime.encode(from));
        }
        if (to != null) {
            request.setTo(WireTime.encode(to));
        }
        SimulatePolicyResponse response = asking.ask(PolicyServiceGrpc.getSimulatePolicyMethod(), request.build());
        return new Simulated(new Page<>(response.getDifferencesList().stream().map(Difference::of).toList(),
                WireValues.orNull(response.getNextPageToken())), response.getExamined(), response.getUndecided());
    }
}
