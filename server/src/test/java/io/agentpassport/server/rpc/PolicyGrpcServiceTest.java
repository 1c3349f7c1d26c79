package io.agentpassport.server.rpc;

import static io.agentpassport.proto.v1.PolicyServiceGrpc.getDiffPoliciesMethod;
import static io.agentpassport.proto.v1.PolicyServiceGrpc.getGetPolicyMethod;
import static io.agentpassport.proto.v1.PolicyServiceGrpc.getListPoliciesMethod;
import static io.agentpassport.proto.v1.PolicyServiceGrpc.getPutPolicyMethod;
import static io.agentpassport.proto.v1.PolicyServiceGrpc.getValidatePolicyMethod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.agentpassport.proto.v1.DiffPoliciesRequest;
import io.agentpassport.proto.v1.GetPolicyRequest;
import io.agentpassport.proto.v1.ListPoliciesRequest;
import io.agentpassport.proto.v1.Policy;
import io.agentpassport.proto.v1.PolicyChange;
import io.agentpassport.proto.v1.PolicyChangeEffect;
import io.agentpassport.proto.v1.PolicyDocument;
import io.agentpassport.proto.v1.PolicyFormat;
import io.agentpassport.proto.v1.PolicyProblem;
import io.agentpassport.proto.v1.PolicyProblemSeverity;
import io.agentpassport.proto.v1.PolicySource;
import io.agentpassport.proto.v1.PolicyVersion;
import io.agentpassport.proto.v1.PutPolicyRequest;
import io.agentpassport.proto.v1.ValidatePolicyRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies by rpc: who may put and read them, and what is said of one that is none. */
class PolicyGrpcServiceTest {

    private static final String OPEN = "version: \"1\"\ndefault: allow\n";
    private static final String CLOSED = "version: \"1\"\ndefault: deny\n";

    @AutoClose
    private TestServer service;

    private TypedCalls admin;
    private TypedCalls agent;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = new TypedCalls(service.channel(service.adminCredential()), null);
        agent = new TypedCalls(service.channel(null), service.session(service.agent("agent:alice")));
    }

    @Test
    void anAdminPutsAPolicyOnceHoweverOftenItAsks() {
        Policy first = put("p1", OPEN);
        assertThat(first.getPolicy().getPolicyId()).isEqualTo("shop");
        assertThat(first.getPolicy().getVersion()).isEqualTo(1);
        assertThat(first.getDocument()).isEqualTo(yaml(OPEN));
        assertThat(first.getDocumentDigest()).matches("sha256:[0-9a-f]{64}");
        assertThat(first.getInForce()).isTrue();
        assertThat(first.getCreatedBy()).isEqualTo("admin");
        assertThat(first.getReason()).isEqualTo("because");
        assertThat(put("p1", OPEN)).isEqualTo(first);
        assertThat(put("p2", OPEN)).as("it says what is in force").isEqualTo(first);
        assertThat(refusedPut(putting("p1", CLOSED)).reason()).isEqualTo(ErrorReason.REQUEST_ID_REUSED);
        assertThat(agent.refused(getPutPolicyMethod(), putting("p3", CLOSED).build()).reason())
                .isEqualTo(ErrorReason.ROLE_REQUIRED);
        assertThat(new TypedCalls(service.channel(null), null)
                .refused(getPutPolicyMethod(), putting("p3", CLOSED).build())
                .reason()).isEqualTo(ErrorReason.CREDENTIALS_REQUIRED);
    }

    @Test
    void whoExpectsAnotherVersionChangesNothing() {
        put("p1", OPEN);
        ServiceError early = refusedPut(putting("p2", CLOSED).setExpectedVersion(2));
        assertThat(early.reason()).isEqualTo(ErrorReason.POLICY_VERSION_CONFLICT);
        assertThat(early.metadata()).containsEntry("policy_id", "shop").containsEntry("version", "1");

        Policy second = admin.ok(getPutPolicyMethod(), putting("p2", CLOSED).setExpectedVersion(1).build()).getPolicy();

        assertThat(second.getPolicy().getVersion()).isEqualTo(2);
        Policy before = admin.ok(getGetPolicyMethod(), named(1)).getPolicy();
        assertThat(before.getInForce()).isFalse();
        assertThat(before.getDocument()).isEqualTo(yaml(OPEN));
        assertThat(admin.ok(getGetPolicyMethod(), named(0)).getPolicy()).isEqualTo(second);
    }

    @Test
    void aBadDocumentChangesNothingAndItsFirstProblemIsNamed() {
        ServiceError bad = refusedPut(putting("p1", "version: \"1\"\ndefualt: deny\ntools: {t: {timeout: 0}}\n"));
        assertThat(bad.reason()).isEqualTo(ErrorReason.POLICY_INVALID);
        assertThat(bad.metadata()).containsEntry("field", "document").containsEntry("problems", "2");
        assertThat(bad.metadata().get("pointer")).startsWith("/");

        ServiceError failing = refusedPut(putting("p2", CLOSED + "tests: [{tool: t, expect: ALLOWED}]\n"));
        assertThat(failing.metadata()).containsEntry("pointer", "/tests/0");
        assertThat(refusedPut(putting("p3", CLOSED).setPolicyId("Shop")).metadata()).containsEntry("field",
                "policy_id");
        assertThat(admin.refused(getGetPolicyMethod(), named(0)).reason()).isEqualTo(ErrorReason.POLICY_NOT_FOUND);
        assertThat(admin.ok(getListPoliciesMethod(), ListPoliciesRequest.getDefaultInstance()).getPoliciesList())
                .isEmpty();
    }

    @Test
    void policiesAndTheirVersionsComeInPagesWithoutDocuments() {
        put("p1", OPEN);
        put("p2", CLOSED);
        put("p3", OPEN);
        admin.ok(getPutPolicyMethod(), putting("p4", OPEN).setPolicyId("bank").build());

        var all = ListPoliciesRequest.newBuilder().setPageSize(1);
        var first = admin.ok(getListPoliciesMethod(), all.build());
        var second = admin.ok(getListPoliciesMethod(), all.setPageToken(first.getNextPageToken()).build());
        assertThat(first.getPolicies(0).getPolicy().getPolicyId()).isEqualTo("bank");
        assertThat(second.getPolicies(0).getPolicy().getVersion()).isEqualTo(3);
        assertThat(second.getPolicies(0).hasDocument()).isFalse();
        assertThat(second.getNextPageToken()).isEmpty();

        var versions = ListPoliciesRequest.newBuilder().setPolicyId("shop").setPageSize(2);
        var newest = admin.ok(getListPoliciesMethod(), versions.build());
        var oldest = admin.ok(getListPoliciesMethod(), versions.setPageToken(newest.getNextPageToken()).build());
        assertThat(newest.getPoliciesList()).extracting(one -> one.getPolicy().getVersion()).containsExactly(3L, 2L);
        assertThat(newest.getPoliciesList()).extracting(Policy::getInForce).containsExactly(true, false);
        assertThat(oldest.getPoliciesList()).extracting(one -> one.getPolicy().getVersion()).containsExactly(1L);
        assertThat(oldest.getNextPageToken()).isEmpty();
        assertThat(admin.refused(getListPoliciesMethod(), all.setPageToken(newest.getNextPageToken()).build()).reason())
                .isEqualTo(ErrorReason.INVALID_PAGE_TOKEN);
        assertThat(agent.refused(getListPoliciesMethod(), ListPoliciesRequest.getDefaultInstance()).reason())
                .isEqualTo(ErrorReason.ROLE_REQUIRED);
        assertThat(agent.refused(getGetPolicyMethod(), named(1)).reason()).isEqualTo(ErrorReason.ROLE_REQUIRED);
    }

    @Test
    void whetherADocumentIsValidIsAnAnswer() {
        var good = admin.ok(getValidatePolicyMethod(),
                validating("version: \"1\"\ntests: [{tool: t, expect: DEFAULT_DENY}]\n"));
        assertThat(good.getValid()).isTrue();
        assertThat(good.getTestsRun()).isEqualTo(1);
        assertThat(good.getProblemsList()).extracting(PolicyProblem::getSeverity)
                .containsExactly(PolicyProblemSeverity.POLICY_PROBLEM_SEVERITY_WARNING);

        var failing = admin.ok(getValidatePolicyMethod(),
                validating("version: \"1\"\ntests: [{tool: t, expect: ALLOWED}, {tool: t, expect: DEFAULT_DENY}]\n"));
        assertThat(failing.getValid()).isFalse();
        assertThat(failing.getTestsRun()).isEqualTo(2);
        assertThat(failing.getProblemsList()).extracting(PolicyProblem::getPointer).containsExactly("/tests/0");
        assertThat(agent.refused(getValidatePolicyMethod(), validating(OPEN)).reason())
                .isEqualTo(ErrorReason.ROLE_REQUIRED);
    }

    @Test
    void howTwoDocumentsDifferIsSaidInWords() {
        put("p1", OPEN);
        var request = DiffPoliciesRequest.newBuilder().setFrom(kept(1)).setTo(written(CLOSED));
        assertThat(admin.ok(getDiffPoliciesMethod(), request.build()).getChangesList())
                .extracting(PolicyChange::getPointer, PolicyChange::getEffect)
                .containsExactly(tuple("/default",
                        PolicyChangeEffect.POLICY_CHANGE_EFFECT_STRICTER));
        assertThat(admin.ok(getDiffPoliciesMethod(), request.setTo(written(OPEN)).build()).getChangesList())
                .isEmpty();

        assertThat(admin.refused(getDiffPoliciesMethod(), request.setFrom(kept(2)).build()).reason())
                .isEqualTo(ErrorReason.POLICY_NOT_FOUND);
        ServiceError bad = admin.refused(getDiffPoliciesMethod(),
                request.setFrom(kept(1)).setTo(written("version: \"2\"\n")).build());
        assertThat(bad.reason()).isEqualTo(ErrorReason.POLICY_INVALID);
        assertThat(bad.metadata()).containsEntry("field", "to.document").containsEntry("pointer", "/version");
        assertThat(agent.refused(getDiffPoliciesMethod(), request.build()).reason())
                .isEqualTo(ErrorReason.ROLE_REQUIRED);
    }

    private Policy put(String requestId, String text) {
        return admin.ok(getPutPolicyMethod(), putting(requestId, text).build()).getPolicy();
    }

    private ServiceError refusedPut(PutPolicyRequest.Builder request) {
        return admin.refused(getPutPolicyMethod(), request.build());
    }

    private static PutPolicyRequest.Builder putting(String requestId, String text) {
        return PutPolicyRequest.newBuilder()
                .setRequestId(requestId)
                .setPolicyId("shop")
                .setDocument(yaml(text))
                .setReason("because");
    }

    private static PolicyDocument yaml(String text) {
        return PolicyDocument.newBuilder()
                .setText(ByteString.copyFromUtf8(text))
                .setFormat(PolicyFormat.POLICY_FORMAT_YAML)
                .build();
    }

    private static GetPolicyRequest named(long version) {
        return GetPolicyRequest.newBuilder().setPolicyId("shop").setVersion(version).build();
    }

    private static ValidatePolicyRequest validating(String text) {
        return ValidatePolicyRequest.newBuilder().setDocument(yaml(text)).build();
    }

    private static PolicySource kept(long version) {
        return PolicySource.newBuilder()
                .setPolicy(PolicyVersion.newBuilder().setPolicyId("shop").setVersion(version))
                .build();
    }

    private static PolicySource written(String text) {
        return PolicySource.newBuilder().setDocument(yaml(text)).build();
    }
}
