package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.DiffPoliciesRequest;
import io.agentpassport.proto.v1.DiffPoliciesResponse;
import io.agentpassport.proto.v1.ExplainToolCallRequest;
import io.agentpassport.proto.v1.ExplainToolCallResponse;
import io.agentpassport.proto.v1.GetPolicyRequest;
import io.agentpassport.proto.v1.GetPolicyResponse;
import io.agentpassport.proto.v1.ListPoliciesRequest;
import io.agentpassport.proto.v1.ListPoliciesResponse;
import io.agentpassport.proto.v1.PolicyServiceGrpc.PolicyServiceImplBase;
import io.agentpassport.proto.v1.PutPolicyRequest;
import io.agentpassport.proto.v1.PutPolicyResponse;
import io.agentpassport.proto.v1.SimulatePolicyRequest;
import io.agentpassport.proto.v1.SimulatePolicyResponse;
import io.agentpassport.proto.v1.ValidatePolicyRequest;
import io.agentpassport.proto.v1.ValidatePolicyResponse;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.policy.Policies;
import io.agentpassport.server.policy.PolicyDiff;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.PolicyVersion;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.PageRequest;
import io.agentpassport.wire.PolicyAnswers;
import io.agentpassport.wire.PolicyName;
import io.agentpassport.wire.PolicyRequests;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code PolicyService} of the contract: every method decodes, asks the policies, and encodes what they answer. */
final class PolicyGrpcService extends PolicyServiceImplBase {

    private final Policies policies;
    private final PolicySources sources;
    private final PolicySimulations simulations;
    private final PolicyExplanations explanations;
    private final Answers answers;

    PolicyGrpcService(Policies policies, PolicySources sources, PolicySimulations simulations,
            PolicyExplanations explanations, Answers answers) {
        this.policies = policies;
        this.sources = sources;
        this.simulations = simulations;
        this.explanations = explanations;
        this.answers = answers;
    }

    @Override
    public void putPolicy(PutPolicyRequest request, StreamObserver<PutPolicyResponse> to) {
        String admin = Caller.current() instanceof Caller.Admin known ? known.name() : "";
        answers.reading(to, PolicyRequests.decode(request), asked -> policies
                .put(new Policies.Draft(asked.requestId().text(), asked.policyId(), asked.document().text(),
                        PolicyWords.format(asked.document().format()), admin, asked.reason(),
                        asked.expectedVersion()))
                .thenApply(outcome -> switch (outcome) {
                    case Policies.InForce put -> Answer.of(PolicyAnswers.put(encode(put.version(), true),
                            PolicyWords.warnings(put.version().document())));
                    case Policies.Invalid invalid ->
                        Answer.refused(PolicyWords.invalid("document", invalid.problems()));
                    case Policies.Unacceptable bad ->
                        Answer.refused(ServiceErrors.invalidField(bad.field(), bad.problem()));
                    case Policies.TooMany many -> Answer.refused(GatewayErrors.quotaReached("policies"));
                    case Policies.Conflict conflict ->
                        Answer.refused(GatewayErrors.policyVersionConflict(asked.policyId(), conflict.newest()));
                    case Policies.RequestIdReused reused ->
                        Answer.refused(ServiceErrors.requestIdReused(asked.requestId()));
                }));
    }

    @Override
    public void getPolicy(GetPolicyRequest request, StreamObserver<GetPolicyResponse> to) {
        answers.reading(to, PolicyRequests.decode(request), name -> {
            PolicyVersion found = sources.version(name);
            return (found == null
                    ? Answer.<GetPolicyResponse>refused(GatewayErrors.policyNotFound(name.policyId(), name.version()))
                    : Answer.of(PolicyAnswers.found(encode(found, true)))).now();
        });
    }

    @Override
    public void listPolicies(ListPoliciesRequest request, StreamObserver<ListPoliciesResponse> to) {
        answers.reading(to, PolicyRequests.decode(request), query -> {
            String id = query.policyId();
            ListPage<PolicyVersion> page = id == null
                    ? InMemoryPage.of(policies.current().all(), "policies", version -> version.ref().id(),
                            query.page())
                    : versions(id, query.page());
            return Answer.listed(page, version -> encode(version, false), PolicyAnswers::listed).now();
        });
    }

    /** Versions of one policy, the newest first; null when the token is none of this list. */
    private @Nullable ListPage<PolicyVersion> versions(String id, PageRequest page) {
        String filters = "versions " + id;
        long before = Long.MAX_VALUE;
        if (!page.token().isEmpty()) {
            before = IndexToken.read(page.token(), filters);
            if (before < 1) {
                return null;
            }
        }
        List<PolicyVersion> found = policies.versions(id, before, page.size());
        long last = found.isEmpty() ? 1 : found.getLast().ref().version();
        return new ListPage<>(found, last > 1 ? IndexToken.write(last, filters) : null);
    }

    @Override
    public void validatePolicy(ValidatePolicyRequest request, StreamObserver<ValidatePolicyResponse> to) {
        answers.reading(to, PolicyRequests.decode(request),
                document -> Answer.of(switch (PolicyWords.parse(document)) {
                    case PolicyParser.Parsed parsed -> PolicyAnswers.validated(
                            PolicyWords.warnings(parsed.document()), parsed.document().testsRun());
                    case PolicyParser.Invalid invalid ->
                        PolicyAnswers.validated(PolicyWords.errors(invalid.problems()), invalid.testsRun());
                }).now());
    }

    @Override
    public void diffPolicies(DiffPoliciesRequest request, StreamObserver<DiffPoliciesResponse> to) {
        answers.reading(to, PolicyRequests.decode(request), asked -> {
            PolicySources.Found from = sources.find("from", asked.from());
            PolicySources.Found other = sources.find("to", asked.to());
            return (switch (from) {
                case PolicySources.Missing missing -> Answer.<DiffPoliciesResponse>refused(missing.error());
                case PolicySources.There one -> switch (other) {
                    case PolicySources.Missing missing -> Answer.<DiffPoliciesResponse>refused(missing.error());
                    case PolicySources.There two -> Answer.of(PolicyAnswers.differing(
                            PolicyDiff.between(one.document(), two.document())
                                    .stream()
                                    .map(change -> new PolicyAnswers.Change(change.pointer(), change.message(),
                                            PolicyAnswers.Effect.valueOf(change.effect().name())))
                                    .toList()));
                };
            }).now();
        });
    }

    @Override
    public void explainToolCall(ExplainToolCallRequest request, StreamObserver<ExplainToolCallResponse> to) {
        answers.reading(to, PolicyRequests.decode(request), explanations::explain);
    }

    @Override
    public void simulatePolicy(SimulatePolicyRequest request, StreamObserver<SimulatePolicyResponse> to) {
        answers.reading(to, PolicyRequests.decode(request), asked -> simulations.page(asked).now());
    }

    private PolicyAnswers.Policy encode(PolicyVersion version, boolean whole) {
        PolicyRef ref = version.ref();
        PolicyVersion newest = policies.current().newest(ref.id());
        return new PolicyAnswers.Policy(new PolicyName(ref.id(), ref.version()),
                whole ? new PolicyRequests.Document(version.text(), PolicyWords.format(version.format())) : null,
                version.digest(), newest != null && newest.ref().equals(ref), version.document().shadow(),
                version.putAt(), version.putBy(), version.reason());
    }
}
