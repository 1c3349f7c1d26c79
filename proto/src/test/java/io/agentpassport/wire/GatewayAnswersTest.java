package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayAnswersTest {

    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final PartitionName PARTITION = new PartitionName("0001");
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final Money PRICE = new Money(Decimal.of(3), "USD");
    private static final Identity AGENT = new Identity("d", "b");
    private static final ToolCallDigest CALL = ToolCallDigest.of(JsonObject.EMPTY);

    private static Decision decision(DecisionCode code) {
        return new Decision(code, "shop@3#/tools/list/limits/0", "too much", new PolicyName("shop", 3),
                "grant_1",
                List.of(new Decision.LimitLeft("shop@3#/tools/list/limits/0", "calls", "grant", "minute", "30", "0",
                        AT),
                        new Decision.LimitLeft("shop@3#/x", "all", "agent", "total", "9", "1.5", null)),
                new Decision.BudgetLeft("sess_1", PRICE), CALL);
    }

    @Test
    void showsADenialWithAllThatGoesWithIt() {
        ProcessToolCallResponse answer = GatewayAnswers.processed(decision(DecisionCode.LIMIT),
                new GatewayAnswers.Denied(Duration.ofMillis(1_500), new GatewayAnswers.PendingApproval("appr_1",
                        ApprovalRequests.State.PENDING, AT)),
                null);
        assertThat(answer.hasAllowed()).isFalse();
        assertThat(answer.getDenied().getRetryAfter()).isEqualTo(WireTime.encode(Duration.ofMillis(1_500)));
        assertThat(answer.getDenied().getApproval().getApprovalId()).isEqualTo("appr_1");
        assertThat(answer.getDenied().getApproval().getExpiresAt()).isEqualTo(WireTime.encode(AT));
        assertThat(answer.getReceiptJson().isEmpty()).isTrue();
        var shown = answer.getDecision();
        assertThat(DecisionCode.decode(shown.getCode())).isEqualTo(DecisionCode.LIMIT);
        assertThat(shown.getRule()).isEqualTo("shop@3#/tools/list/limits/0");
        assertThat(shown.getMessage()).isEqualTo("too much");
        assertThat(shown.getPolicy().getVersion()).isEqualTo(3);
        assertThat(shown.getGrantId()).isEqualTo("grant_1");
        assertThat(shown.getCallDigest()).isEqualTo(CALL.text());
        assertThat(shown.getBudget().getRemaining().getAmount()).isEqualTo("3");
        assertThat(shown.getLimits(0).getResetsAt()).isEqualTo(WireTime.encode(AT));
        assertThat(shown.getLimits(1).hasResetsAt()).isFalse();
        assertThat(shown.getLimits(1).getRemaining()).isEqualTo("1.5");
        assertThat(Decision.decode(shown)).isEqualTo(decision(DecisionCode.LIMIT));
        assertThat(Decision.decode(shown.toBuilder().setCodeValue(99).build())).isNull();
    }

    @Test
    void leavesOutWhatThereIsNot() {
        var bare = new Decision(DecisionCode.RATE, null, "", null, null, List.of(), null, null);
        ProcessToolCallResponse answer = GatewayAnswers.processed(bare, new GatewayAnswers.Denied(null,
                new GatewayAnswers.PendingApproval(null, null, null)), null);
        assertThat(answer.getDenied().hasRetryAfter()).isFalse();
        assertThat(answer.getDenied().getApproval().getApprovalId()).isEmpty();
        assertThat(answer.getDenied().getApproval().hasExpiresAt()).isFalse();
        assertThat(answer.getDecision().hasPolicy()).isFalse();
        assertThat(answer.getDecision().hasBudget()).isFalse();
    }

    @Test
    void showsAResult() {
        ProcessToolCallResponse answer = GatewayAnswers.processed(decision(DecisionCode.ALLOWED),
                new GatewayAnswers.Allowed(GatewayAnswers.Run.RESULT, ByteString.copyFromUtf8("{}"), true, PRICE, PRICE,
                        true),
                null);
        assertThat(answer.getAllowed().getResultJson().toStringUtf8()).isEqualTo("{}");
        assertThat(answer.getAllowed().getIsError()).isTrue();
        assertThat(answer.getAllowed().getStored()).isTrue();
        assertThat(answer.getAllowed().getCost().getAmount()).isEqualTo("3");
        assertThat(GatewayAnswers.numbered(7, answer).getResponse()).isEqualTo(answer);
        assertThat(GatewayAnswers.processed(decision(DecisionCode.ALLOWED),
                new GatewayAnswers.Allowed(GatewayAnswers.Run.UNKNOWN_OUTCOME, ByteString.EMPTY, false, null, null,
                        true),
                null).getAllowed().hasCost()).isFalse();
        for (GatewayAnswers.Run run : GatewayAnswers.Run.values()) {
            assertThat(GatewayAnswers.decode(GatewayAnswers.encode(run))).isEqualTo(run);
        }
    }

    @Test
    void aFailureOnAStreamIsTheErrorThatAStatusWouldCarry() {
        for (ServiceError error : List.of(GatewayErrors.malformed("/params", "is required"),
                GatewayErrors.running(new RequestId("r"), Duration.ofMillis(250)),
                ServiceErrors.overloaded("commit_queue", Duration.ofSeconds(1)))) {
            var answer = GatewayAnswers.failed(5, error);
            assertThat(answer.getCallNumber()).isEqualTo(5);
            assertThat(ToolCallFailures.decode(answer.getFailure())).isEqualTo(error);
        }
        assertThat(ToolCallFailures.decode(GatewayAnswers.failed(5, GatewayErrors.invalidSignature())
                .getFailure()
                .toBuilder()
                .setReason("LATER")
                .build())).isNull();
        assertThat(ToolCallFailures.decode(GatewayAnswers.failed(5, GatewayErrors.invalidSignature())
                .getFailure()
                .toBuilder()
                .putMetadata("more", "")
                .build())).isNull();
    }

    @Test
    void aPreviewSaysWhetherItWouldAllow() {
        assertThat(GatewayAnswers.previewed(decision(DecisionCode.ALLOWED), PRICE, null, null).getWouldAllow())
                .isTrue();
        var denied = GatewayAnswers.previewed(decision(DecisionCode.SCHEDULE), null,
                new GatewayAnswers.Denied(Duration.ofSeconds(5), null), null);
        assertThat(denied.getWouldAllow()).isFalse();
        assertThat(denied.getDenied().getRetryAfter().getSeconds()).isEqualTo(5);
        assertThat(denied.hasPrice()).isFalse();
    }

    @Test
    void showsReservationsAndSettlements() {
        var authorized = new GatewayAnswers.Authorized("rsv_1", AT, PRICE, Duration.ofSeconds(30));
        assertThat(GatewayAnswers.authorized(decision(DecisionCode.ALLOWED), authorized, null)
                .getAuthorized()
                .getTimeout()
                .getSeconds()).isEqualTo(30);
        assertThat(GatewayAnswers.unauthorized(decision(DecisionCode.LIMIT), new GatewayAnswers.Denied(null, null),
                null).hasDenied()).isTrue();
        var settled = GatewayAnswers.settled(PRICE, PRICE, new Decision.BudgetLeft("sess_1", PRICE), null);
        assertThat(settled.getCharged().getAmount()).isEqualTo("3");
        assertThat(GatewayAnswers.settled(null, null, null, null).hasCharged()).isFalse();
        var known = GatewayAnswers.found(new GatewayAnswers.KnownCall(GatewayAnswers.State.AUTHORIZED,
                decision(DecisionCode.ALLOWED), null, authorized, null));
        assertThat(known.hasAuthorized()).isTrue();
        assertThat(known.hasAllowed()).isFalse();
    }

    @Test
    void countsOnlyWhatWasDecided() {
        var stats = GatewayAnswers.stats(AT, Map.of(DecisionCode.LIMIT, 2L, DecisionCode.RATE, 0L), 3, List.of());
        assertThat(stats.getDecisionsList()).hasSize(1);
        assertThat(stats.getDecisions(0).getCount()).isEqualTo(2);
        assertThat(stats.getInFlight()).isEqualTo(3);
    }

    @Test
    void showsAGrantWithItsParentAndItsEnd() {
        var terms = new GrantTerms(AGENT, List.of("shop/*"), List.of(), null, new JsonArray(List.of()), null, AT, 0,
                false);
        var grant = GrantAnswers.revoked(new GrantAnswers.Grant("grant_3", PARTITION, terms,
                List.of("grant_1", "grant_2"), null, GrantRequests.State.REVOKED, AT, "ada", true,
                new GrantAnswers.Revoked(AT, "lost"))).getGrant();
        assertThat(grant.getParentGrantId()).isEqualTo("grant_2");
        assertThat(grant.getChainList()).containsExactly("grant_1", "grant_2");
        assertThat(grant.getTerms().getPolicyId()).isEmpty();
        assertThat(grant.getTerms().getLimitsJson().isEmpty()).isTrue();
        assertThat(grant.getRevocationReason()).isEqualTo("lost");
        assertThat(GrantAnswers.created(new GrantAnswers.Grant("grant_1", PARTITION, terms, List.of(), "sess_1",
                GrantRequests.State.ACTIVE, AT, "ada", false, null)).getGrant().getParentGrantId()).isEmpty();
        assertThat(grant.getCreatedByAgent()).isTrue();
    }

    @Test
    void showsABudgetSessionAndItsLedger() {
        var budget = new BudgetAnswers.Budget(Decimal.of(10), Decimal.of(2), Decimal.of(1), Decimal.of(7), "USD");
        var session = BudgetAnswers.ended(new BudgetAnswers.BudgetSession("sess_1", PARTITION, null, "sess_0", budget,
                BudgetRequests.Status.ENDED, AT, AT, 4)).getBudgetSession();
        assertThat(session.getBudget().getRemaining()).isEqualTo("7");
        assertThat(session.getParentBudgetSessionId()).isEqualTo("sess_0");
        assertThat(session.hasOwner()).isFalse();
        var ledger = BudgetAnswers.ledger(new Page<>(List.of(new BudgetAnswers.LedgerEntry(0,
                BudgetAnswers.LedgerEntryKind.FUNDED, Decimal.of(10), AT, "admin ada", budget)), "next"));
        assertThat(ledger.getEntries(0).getAmount()).isEqualTo("10");
        assertThat(ledger.getNextPageToken()).isEqualTo("next");
    }

    @Test
    void leavesArgumentsOutOfListsAndWatches() {
        var approval = new ApprovalAnswers.Approval("appr_1", PARTITION, ApprovalRequests.State.PENDING, AGENT,
                "ada", "r", CALL, "shop/list", JsonObject.builder().put("a", 1).build(), JsonObject.EMPTY, "grant_1",
                "shop@3#/x", "", DIGEST, 2, List.of("bob"),
                List.of(new ApprovalAnswers.Vote("bob", true, "fine", AT)), AT, AT);
        var found = ApprovalAnswers.found(approval).getApproval();
        assertThat(found.getParamsJson().toStringUtf8()).isEqualTo("{\"a\":1}");
        assertThat(found.getPreviousParamsJson().toStringUtf8()).isEqualTo("{}");
        assertThat(found.getVotes(0).getApproved()).isTrue();
        assertThat(ApprovalAnswers.listed(new Page<>(List.of(approval), "")).getApprovals(0).getParamsJson().isEmpty())
                .isTrue();
        assertThat(ApprovalAnswers.changed(approval, "c").getApproval().getPreviousParamsJson().isEmpty()).isTrue();
    }

    @Test
    void showsPoliciesAndWhatIsWrongWithThem() {
        var policy = new PolicyAnswers.Policy(new PolicyName("shop", 3), null, DIGEST, true, false, AT,
                "ada", "");
        var warning = new PolicyAnswers.Problem("/tools", "is empty", false, 4);
        var put = PolicyAnswers.put(policy, List.of(warning));
        assertThat(put.getPolicy().hasDocument()).isFalse();
        assertThat(put.getWarnings(0).getLine()).isEqualTo(4);
        assertThat(PolicyAnswers.validated(List.of(warning), 2).getValid()).isTrue();
        assertThat(PolicyAnswers.validated(List.of(warning, new PolicyAnswers.Problem("", "is bad", true, 0)), 0)
                .getValid()).isFalse();
        var explained = PolicyAnswers.explained(decision(DecisionCode.LIMIT), List.of(new PolicyAnswers.Step("#/x",
                PolicyAnswers.Passing.SHADOWED, DecisionCode.DENY_IF, "1 > 0")), AT);
        assertThat(explained.getSteps(0).getMessage()).isEqualTo("1 > 0");
        var simulated = PolicyAnswers.simulated(new Page<>(List.of(new PolicyAnswers.Difference(9, AT, AGENT, "t",
                new PolicyAnswers.Verdict(DecisionCode.ALLOWED, null),
                new PolicyAnswers.Verdict(DecisionCode.DENY_IF, "#/y"))), ""), 100, 3);
        assertThat(simulated.getDifferences(0).getWouldBeRule()).isEqualTo("#/y");
        assertThat(simulated.getUndecided()).isEqualTo(3);
        assertThat(PolicyAnswers.differing(List.of(new PolicyAnswers.Change("/x", "is gone",
                PolicyAnswers.Effect.LOOSER))).getChangesCount()).isEqualTo(1);
    }

    @Test
    void showsUpstreamsAndTheirTools() {
        var upstream = new UpstreamAnswers.Upstream("shop", UpstreamAnswers.Kind.MCP_HTTP, "https://shop",
                UpstreamAnswers.State.UNREACHABLE, "refused", 2, null);
        assertThat(UpstreamAnswers.listed(new Page<>(List.of(upstream), "")).getUpstreams(0).hasRefreshedAt())
                .isFalse();
        var tool = new UpstreamAnswers.Tool("shop", "list", UpstreamRequests.ToolState.QUARANTINED,
                new UpstreamAnswers.Definition(JsonObject.EMPTY, DIGEST), null, "inputSchema", AT, null);
        var shown = UpstreamAnswers.accepted(tool).getTool();
        assertThat(shown.getAcceptedDigest()).isEqualTo(DIGEST);
        assertThat(shown.getOfferedJson().isEmpty()).isTrue();
        assertThat(shown.getChangedBy()).isEmpty();
    }

    @Test
    void showsTheLogAndItsProofs() {
        TreeHash leaf = MerkleTree.leaf(new byte[]{1});
        var entry = new AuditAnswers.Entry(4, ByteString.copyFromUtf8("{\"index\":4}"),
                new PrivateMembers(JsonObject.EMPTY, Nonce.of(new byte[16])));
        var shown = AuditAnswers.appended(entry, "note").getEntry();
        assertThat(shown.getEntryJson().toStringUtf8()).isEqualTo("{\"index\":4}");
        assertThat(shown.getPrivateJson().toStringUtf8()).isEqualTo("{}");
        assertThat(shown.getPrivateSalt().size()).isEqualTo(16);
        assertThat(AuditAnswers.listed(new Page<>(List.of(new AuditAnswers.Entry(4, entry.json(), null)), ""))
                .getEntries(0)
                .getPrivateSalt()
                .isEmpty()).isTrue();
        var included = AuditAnswers.included(new InclusionProof(0, 2, List.of(leaf)), leaf, null);
        assertThat(included.getPath(0).size()).isEqualTo(32);
        assertThat(included.getCheckpoint()).isEmpty();
        assertThat(AuditAnswers.consistent(new ConsistencyProof(1, 2, List.of(leaf)), "note").getProofCount())
                .isEqualTo(1);
        assertThat(AuditAnswers.key(Signer.fromSeed(new byte[32]).publicKey(), "mcp://g", List.of(PARTITION))
                .getPartitionsList()).containsExactly("0001");
    }
}
