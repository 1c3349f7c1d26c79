package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.DiffPoliciesRequest;
import io.agentpassport.proto.v1.ExplainToolCallRequest;
import io.agentpassport.proto.v1.GetPolicyRequest;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.ListPoliciesRequest;
import io.agentpassport.proto.v1.PolicyDocument;
import io.agentpassport.proto.v1.PolicyFormat;
import io.agentpassport.proto.v1.PolicySource;
import io.agentpassport.proto.v1.PolicyVersion;
import io.agentpassport.proto.v1.PutPolicyRequest;
import io.agentpassport.proto.v1.SimulatePolicyRequest;
import io.agentpassport.proto.v1.ValidatePolicyRequest;
import org.junit.jupiter.api.Test;

class PolicyRequestsTest {

    private static PolicyDocument.Builder document(int bytes) {
        return PolicyDocument.newBuilder()
                .setText(ByteString.copyFromUtf8("x".repeat(bytes)))
                .setFormat(PolicyFormat.POLICY_FORMAT_YAML);
    }

    private static PutPolicyRequest.Builder put() {
        return PutPolicyRequest.newBuilder().setRequestId("r").setPolicyId("shop.v-1_a").setDocument(document(1));
    }

    @Test
    void decodesADocument() {
        PolicyRequests.Put decoded = Expect.valid(PolicyRequests.decode(put().setExpectedVersion(3).build()));
        assertThat(decoded.policyId()).isEqualTo("shop.v-1_a");
        assertThat(decoded.document()).isEqualTo(new PolicyRequests.Document("x", PolicyRequests.Format.YAML));
        assertThat(decoded.expectedVersion()).isEqualTo(3);
        assertThat(PolicyAnswers.encode(decoded.document())).isEqualTo(document(1).build());
        assertThat(Expect.valid(PolicyRequests.decode(put()
                .setDocument(document(1).setFormat(PolicyFormat.POLICY_FORMAT_JSON))
                .build())).document().format()).isEqualTo(PolicyRequests.Format.JSON);
    }

    @Test
    void takesADocumentOfUpTo256KiB() {
        Expect.valid(PolicyRequests.decode(put().setDocument(document(256 * 1024)).build()));
        Expect.invalidField(PolicyRequests.decode(put().setDocument(document(256 * 1024 + 1)).build()),
                "document.text");
        Expect.invalidField(PolicyRequests.decode(put().setDocument(document(0)).build()), "document.text");
        Expect.invalidField(PolicyRequests.decode(put().clearDocument().build()), "document");
    }

    @Test
    void refusesADocumentThatIsNotTextOfAKnownFormat() {
        Expect.invalidField(PolicyRequests.decode(put()
                .setDocument(document(1).setText(ByteString.copyFrom(new byte[]{(byte) 0xff})))
                .build()), "document.text");
        Expect.invalidField(PolicyRequests.decode(put().setDocument(document(1).clearFormat()).build()),
                "document.format");
        Expect.invalidField(PolicyRequests.decode(put().setDocument(document(1).setFormatValue(9)).build()),
                "document.format");
    }

    @Test
    void refusesNamesAndVersionsThatCannotBe() {
        for (String id : new String[]{"", "Shop", ".shop", "shop/a", "p".repeat(65)}) {
            Expect.invalidField(PolicyRequests.decode(put().setPolicyId(id).build()), "policy_id");
        }
        Expect.valid(PolicyRequests.decode(put().setPolicyId("p".repeat(64)).build()));
        Expect.invalidField(PolicyRequests.decode(put().setExpectedVersion(-1).build()), "expected_version");
        Expect.invalidField(PolicyRequests.decode(put().setReason("x".repeat(257)).build()), "reason");
        Expect.invalidField(PolicyRequests.decode(GetPolicyRequest.newBuilder()
                .setPolicyId("p")
                .setVersion(-1)
                .build()), "version");
        assertThat(Expect.valid(PolicyRequests.decode(GetPolicyRequest.newBuilder().setPolicyId("p").build())))
                .isEqualTo(new PolicyName("p", 0));
        assertThat(Expect.valid(PolicyRequests.decode(ListPoliciesRequest.getDefaultInstance())).policyId()).isNull();
        Expect.invalidField(PolicyRequests.decode(ListPoliciesRequest.newBuilder().setPolicyId("P").build()),
                "policy_id");
        Expect.invalidField(PolicyRequests.decode(ValidatePolicyRequest.getDefaultInstance()), "document");
    }

    @Test
    void decodesAQuestion() {
        var request = ExplainToolCallRequest.newBuilder()
                .setAgent(Identity.newBuilder().setIssuerDomain("d").setBinding("b"))
                .setTool("shop/list");
        PolicyRequests.Question bare = Expect.valid(PolicyRequests.decode(request.build()));
        assertThat(bare.tool().text()).isEqualTo("shop/list");
        assertThat(bare.params()).isEqualTo(JsonObject.EMPTY);
        assertThat(bare.policy()).isNull();
        assertThat(bare.now()).isNull();

        request.setParamsJson(ByteString.copyFromUtf8("{\"a\":1}"))
                .setPolicy(PolicySource.newBuilder().setDocument(document(2)));
        PolicyRequests.Question full = Expect.valid(PolicyRequests.decode(request.build()));
        assertThat(full.params().number("a")).isEqualTo(1);
        assertThat(full.policy()).isInstanceOf(PolicyRequests.Document.class);

        Expect.invalidField(PolicyRequests.decode(request.clone().setTool("a/b/c").build()), "tool");
        Expect.rejected(PolicyRequests.decode(request.clone().setParamsJson(ByteString.copyFromUtf8("[]")).build()),
                "params_json", "invalid_json", "not_an_object");
        Expect.invalidField(PolicyRequests.decode(request.clone()
                .setPolicy(PolicySource.getDefaultInstance())
                .build()), "policy");
        Expect.invalidField(PolicyRequests.decode(request.clone().setGrantId("grant").build()), "grant_id");
        Expect.invalidField(PolicyRequests.decode(request.clone().setScopeRequired("s".repeat(129)).build()),
                "scope_required");
    }

    @Test
    void decodesSimulationsAndDiffs() {
        var version = PolicySource.newBuilder().setPolicy(PolicyVersion.newBuilder().setPolicyId("p").setVersion(2));
        PolicyRequests.Simulation simulation = Expect.valid(PolicyRequests.decode(SimulatePolicyRequest.newBuilder()
                .setPolicyId("p")
                .setCandidate(version)
                .setPartition("0001")
                .build()));
        assertThat(simulation.candidate()).isEqualTo(new PolicyName("p", 2));
        assertThat(simulation.from()).isNull();
        Expect.invalidField(PolicyRequests.decode(SimulatePolicyRequest.newBuilder()
                .setPolicyId("p")
                .setCandidate(version)
                .build()), "partition");

        assertThat(Expect.valid(PolicyRequests.decode(DiffPoliciesRequest.newBuilder()
                .setFrom(version)
                .setTo(version)
                .build())).to()).isEqualTo(new PolicyName("p", 2));
        Expect.invalidField(PolicyRequests.decode(DiffPoliciesRequest.newBuilder().setFrom(version).build()), "to");
    }
}
