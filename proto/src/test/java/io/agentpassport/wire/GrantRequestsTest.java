package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.DelegateGrantRequest;
import io.agentpassport.proto.v1.GetGrantRequest;
import io.agentpassport.proto.v1.GrantTerms;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.ListGrantsRequest;
import io.agentpassport.proto.v1.Money;
import io.agentpassport.proto.v1.RevokeGrantRequest;
import java.time.Instant;
import java.util.Collections;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GrantRequestsTest {

    private static final String ID = "grant_" + "0001" + "a".repeat(20);

    private static GrantTerms.Builder terms() {
        return GrantTerms.newBuilder()
                .setSubject(Identity.newBuilder().setIssuerDomain("d").setBinding("b"))
                .addTools("shop/*")
                .setPolicyId("shop")
                .setExpiresAt(Timestamp.newBuilder().setSeconds(7));
    }

    @Test
    void decodesTerms() {
        var terms = terms().addScopes("files:read")
                .setLimitsJson(ByteString.copyFromUtf8("[{\"counter\":\"c\"}]"))
                .setBudget(Money.newBuilder().setAmount("5").setCurrency("EUR"))
                .setCanDelegate(true)
                .setDelegationDepth(7)
                .setSettlesBelowReserve(true);
        GrantRequests.Creation decoded = Expect.valid(GrantRequests.decode(
                CreateGrantRequest.newBuilder().setRequestId("r").setTerms(terms).build()));
        assertThat(decoded.requestId().text()).isEqualTo("r");
        io.agentpassport.wire.GrantTerms read = decoded.terms();
        assertThat(read.subject()).isEqualTo(new io.agentpassport.core.certificate.Identity("d", "b"));
        assertThat(read.tools()).containsExactly("shop/*");
        assertThat(read.scopes()).containsExactly("files:read");
        assertThat(read.policyId()).isEqualTo("shop");
        assertThat(read.limits().values()).hasSize(1);
        assertThat(read.budget()).hasToString("5 EUR");
        assertThat(read.expiresAt()).isEqualTo(Instant.ofEpochSecond(7));
        assertThat(read.delegationDepth()).isEqualTo(7);
        assertThat(read.settlesBelowReserve()).isTrue();
        assertThat(GrantAnswers.encode(read)).isEqualTo(terms.build());
    }

    @Test
    void refusesWhatIsMissingOrBeyondItsLimit() {
        refused("terms", request -> request.clearTerms());
        refused("request_id", request -> request.setRequestId(""));
        refused("terms.subject.issuer_domain", request -> request.getTermsBuilder().clearSubject());
        refused("terms.tools", request -> request.getTermsBuilder().clearTools());
        refused("terms.tools", request -> request.getTermsBuilder().addAllTools(Collections.nCopies(64, "t")));
        refused("terms.tools[1]", request -> request.getTermsBuilder().addTools("t".repeat(194)));
        refused("terms.scopes", request -> request.getTermsBuilder().addAllScopes(Collections.nCopies(65, "s")));
        refused("terms.scopes[0]", request -> request.getTermsBuilder().addScopes("s".repeat(129)));
        refused("terms.policy_id", request -> request.getTermsBuilder().clearPolicyId());
        refused("terms.policy_id", request -> request.getTermsBuilder().setPolicyId("-shop"));
        refused("terms.policy_id", request -> request.getTermsBuilder().setPolicyId("p".repeat(65)));
        refused("terms.expires_at", request -> request.getTermsBuilder().clearExpiresAt());
        refused("terms.budget.amount", request -> request.getTermsBuilder()
                .setBudget(Money.newBuilder().setAmount("0").setCurrency("USD")));
        refused("terms.limits_json", request -> request.getTermsBuilder().setLimitsJson(limits(17)));
        refused("terms.limits_json",
                request -> request.getTermsBuilder().setLimitsJson(ByteString.copyFromUtf8("{}")));
        refused("terms.limits_json",
                request -> request.getTermsBuilder().setLimitsJson(ByteString.copyFromUtf8("[1]")));
        refused("terms.delegation_depth", request -> request.getTermsBuilder().setCanDelegate(true));
        refused("terms.delegation_depth",
                request -> request.getTermsBuilder().setCanDelegate(true).setDelegationDepth(8));
        refused("terms.delegation_depth", request -> request.getTermsBuilder().setDelegationDepth(1));
    }

    @Test
    void takesAsMuchAsTheLimits() {
        var terms = terms().clearTools()
                .addAllTools(Collections.nCopies(64, "t".repeat(193)))
                .addAllScopes(Collections.nCopies(64, "s".repeat(128)))
                .setPolicyId("p".repeat(64))
                .setLimitsJson(limits(16));
        Expect.valid(GrantRequests.decode(CreateGrantRequest.newBuilder().setRequestId("r").setTerms(terms).build()));
    }

    @Test
    void refusesLimitsThatAreNotStrictJson() {
        Expect.rejected(GrantRequests.decode(CreateGrantRequest.newBuilder()
                .setRequestId("r")
                .setTerms(terms().setLimitsJson(ByteString.copyFromUtf8("[{\"a\":1,\"a\":1}]")))
                .build()), "terms.limits_json", "invalid_json", "duplicate_name");
    }

    @Test
    void letsADelegatedGrantHaveNoPolicyOfItsOwn() {
        var request = DelegateGrantRequest.newBuilder()
                .setRequestId("r")
                .setParentGrantId(ID)
                .setTerms(terms().clearPolicyId());
        GrantRequests.Delegation decoded = Expect.valid(GrantRequests.decode(request.build()));
        assertThat(decoded.parentId()).isEqualTo(ID);
        assertThat(decoded.terms().policyId()).isNull();
        Expect.invalidField(GrantRequests.decode(request.setParentGrantId("").build()), "parent_grant_id");
    }

    @Test
    void decodesQueriesAndRevocations() {
        assertThat(Expect.valid(GrantRequests.decode(GetGrantRequest.newBuilder().setGrantId(ID).build())))
                .isEqualTo(ID);
        assertThat(Expect.valid(GrantRequests.decode(ListGrantsRequest.getDefaultInstance())))
                .isEqualTo(new GrantRequests.Query(null, null, null, null, new PageRequest(50, "")));
        var query = ListGrantsRequest.newBuilder();
        for (GrantRequests.State state : GrantRequests.State.values()) {
            query.setState(GrantAnswers.encode(state));
            assertThat(Expect.valid(GrantRequests.decode(query.build())).state()).isEqualTo(state);
        }
        Expect.invalidField(GrantRequests.decode(query.setStateValue(99).build()), "state");

        var revocation = RevokeGrantRequest.newBuilder().setRequestId("r").setGrantId(ID).setReason("x".repeat(256));
        assertThat(Expect.valid(GrantRequests.decode(revocation.build())).reason()).hasSize(256);
        Expect.invalidField(GrantRequests.decode(revocation.setReason("x".repeat(257)).build()), "reason");
        Expect.invalidField(GrantRequests.decode(revocation.setReason("").build()), "reason");
    }

    private static void refused(String field, Consumer<CreateGrantRequest.Builder> change) {
        var request = CreateGrantRequest.newBuilder().setRequestId("r").setTerms(terms());
        change.accept(request);
        Expect.invalidField(GrantRequests.decode(request.build()), field);
    }

    private static ByteString limits(int count) {
        return ByteString.copyFromUtf8("[" + String.join(",", Collections.nCopies(count, "{}")) + "]");
    }
}
