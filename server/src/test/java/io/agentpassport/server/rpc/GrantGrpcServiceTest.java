package io.agentpassport.server.rpc;

import static io.agentpassport.proto.v1.GrantServiceGrpc.getCreateGrantMethod;
import static io.agentpassport.proto.v1.GrantServiceGrpc.getDelegateGrantMethod;
import static io.agentpassport.proto.v1.GrantServiceGrpc.getGetGrantMethod;
import static io.agentpassport.proto.v1.GrantServiceGrpc.getListGrantsMethod;
import static io.agentpassport.proto.v1.GrantServiceGrpc.getRevokeGrantMethod;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.DelegateGrantRequest;
import io.agentpassport.proto.v1.GetGrantRequest;
import io.agentpassport.proto.v1.Grant;
import io.agentpassport.proto.v1.GrantState;
import io.agentpassport.proto.v1.GrantTerms;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.ListGrantsRequest;
import io.agentpassport.proto.v1.Money;
import io.agentpassport.proto.v1.RevokeGrantRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Grants by rpc: who may make, see and end them, and that what is passed on is narrower. */
class GrantGrpcServiceTest {

    private static final Identity ALICE = Identity.newBuilder()
            .setIssuerDomain("localhost")
            .setBinding("agent:alice")
            .build();
    private static final Identity BOB = ALICE.toBuilder().setBinding("agent:bob").build();
    private static final Identity CAROL = ALICE.toBuilder().setBinding("agent:carol").build();
    private final Timestamp end = Timestamp.newBuilder()
            .setSeconds(Instant.now().plus(Duration.ofDays(30)).getEpochSecond())
            .build();
    private final GrantTerms rootTerms = GrantTerms.newBuilder()
            .setSubject(ALICE)
            .addTools("calculator/*")
            .addScopes("math:basic")
            .setPolicyId("open")
            .setLimitsJson(ByteString.copyFromUtf8("[{\"counter\":\"calls\",\"window\":\"minute\",\"max\":30}]"))
            .setBudget(money("10", "USD"))
            .setExpiresAt(end)
            .setCanDelegate(true)
            .setDelegationDepth(2)
            .build();
    private final GrantTerms below = rootTerms.toBuilder()
            .setSubject(BOB)
            .clearTools()
            .addTools("calculator/add")
            .clearPolicyId()
            .clearLimitsJson()
            .setBudget(money("4", "USD"))
            .setDelegationDepth(1)
            .build();

    @AutoClose
    private TestServer service;

    private TypedCalls admin;
    private TypedCalls alice;
    private TypedCalls bob;
    private TypedCalls carol;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder, GrantGrpcServiceTest::withPolicy);
        admin = new TypedCalls(service.channel(service.adminCredential()), null);
        alice = agent("agent:alice");
        bob = agent("agent:bob");
        carol = agent("agent:carol");
    }

    @Test
    void anOperatorMakesARootOnceHoweverOftenItAsks() {
        Grant made = create("r1", rootTerms);

        assertThat(made.getGrantId()).matches("grant_0001[0-9a-f]{20}");
        assertThat(made.getPartition()).isEqualTo("0001");
        assertThat(made.getTerms())
                .isEqualTo(rootTerms.toBuilder().setLimitsJson(made.getTerms().getLimitsJson()).build());
        assertThat(made.getParentGrantId()).isEmpty();
        assertThat(made.getBudgetSessionId()).startsWith("sess_0001");
        assertThat(made.getState()).isEqualTo(GrantState.GRANT_STATE_ACTIVE);
        assertThat(made.getCreatedBy()).isEqualTo("admin");
        assertThat(made.hasRevokedAt()).isFalse();
        assertThat(create("r1", rootTerms)).isEqualTo(made);
        assertThat(refusedRoot("r1", rootTerms.toBuilder().addTools("echo/*").build()).reason())
                .isEqualTo(ErrorReason.REQUEST_ID_REUSED);
        assertThat(alice.refused(getCreateGrantMethod(), creation("r2", rootTerms)).reason())
                .isEqualTo(ErrorReason.ROLE_REQUIRED);
    }

    /** What a root cannot give, and what is said of it. */
    record Unacceptable(UnaryOperator<GrantTerms.Builder> change, ErrorReason reason, String field) {}

    static Stream<Unacceptable> unacceptable() {
        return Stream.of(unacceptable("terms.tools[0]", terms -> terms.setTools(0, "*")),
                unacceptable("terms.scopes[1]", terms -> terms.addScopes("*")),
                unacceptable("terms.tools", GrantTerms.Builder::clearTools),
                unacceptable("terms.policy_id", GrantTerms.Builder::clearPolicyId),
                unacceptable("terms.expires_at", terms -> terms.setExpiresAt(Timestamp.newBuilder().setSeconds(1_000))),
                unacceptable("terms.expires_at", terms -> later(terms, 366 * 86_400L)),
                unacceptable("terms.delegation_depth", terms -> terms.setDelegationDepth(8)),
                unacceptable("terms.delegation_depth", terms -> terms.setCanDelegate(false)),
                new Unacceptable(terms -> limited(terms, "[{\"counter\":\"c\",\"window\":\"soon\",\"max\":1}]"),
                        ErrorReason.POLICY_INVALID, "terms.limits_json"));
    }

    private static Unacceptable unacceptable(String field, UnaryOperator<GrantTerms.Builder> change) {
        return new Unacceptable(change, ErrorReason.INVALID_FIELD, field);
    }

    private static GrantTerms.Builder later(GrantTerms.Builder terms, long seconds) {
        return terms.setExpiresAt(
                terms.getExpiresAt().toBuilder().setSeconds(terms.getExpiresAt().getSeconds() + seconds));
    }

    private static GrantTerms.Builder limited(GrantTerms.Builder terms, String limits) {
        return terms.setLimitsJson(ByteString.copyFromUtf8(limits));
    }

    @ParameterizedTest
    @MethodSource("unacceptable")
    void whatCannotBeGivenIsSaid(Unacceptable terms) {
        ServiceError refused = refusedRoot("r1", terms.change.apply(rootTerms.toBuilder()).build());

        assertThat(refused.reason()).isEqualTo(terms.reason);
        assertThat(refused.metadata()).containsEntry("field", terms.field);
        assertThat(refused.metadata().get("problem")).isNotEmpty();
    }

    @Test
    void whatIsNotThereOrTooMuchIsSaid() {
        ServiceError policy = refusedRoot("r1", rootTerms.toBuilder().setPolicyId("closed").build());
        assertThat(policy.reason()).isEqualTo(ErrorReason.POLICY_NOT_FOUND);
        assertThat(policy.metadata()).containsEntry("policy_id", "closed").containsEntry("version", "0");

        ServiceError budget = refusedRoot("r2", rootTerms.toBuilder().setBudget(money("10000.01", "EUR")).build());
        assertThat(budget.reason()).isEqualTo(ErrorReason.BUDGET_TOO_LARGE);
        assertThat(budget.metadata()).containsEntry("max", "10000").containsEntry("currency", "EUR");

        ServiceError limits = refusedRoot("r3", rootTerms.toBuilder()
                .setLimitsJson(ByteString.copyFromUtf8("[{\"counter\":\"c\",\"window\":\"minute\",\"max\":-1}]"))
                .build());
        assertThat(limits.metadata()).containsEntry("pointer", "/0/max").containsEntry("problems", "1");

        GrantTerms small = rootTerms.toBuilder().clearBudget().build();
        for (int i = 0; i < 64; i++) {
            create("many-" + i, small);
        }
        ServiceError full = refusedRoot("many-64", small);
        assertThat(full.reason()).isEqualTo(ErrorReason.QUOTA_REACHED);
        assertThat(full.metadata()).containsEntry("limit", "grants_per_agent");
    }

    @Test
    void whoHasNoGrantToPassOnIsNotToldWhichPoliciesThereAre() {
        Grant root = create("r1", rootTerms);
        GrantTerms unknown = below.toBuilder().setPolicyId("nobody-wrote-it").build();
        Grant made = root.toBuilder().setGrantId("grant_0001" + "0".repeat(20)).build();
        for (Grant parent : List.of(root, made)) {
            assertThat(carol.refused(getDelegateGrantMethod(), delegation("d1", parent, unknown)))
                    .isEqualTo(carol.refused(getDelegateGrantMethod(), delegation("d2", parent, below)))
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(ErrorReason.GRANT_NOT_FOUND));
        }
        assertThat(alice.refused(getDelegateGrantMethod(), delegation("d3", root, unknown)).reason())
                .isEqualTo(ErrorReason.POLICY_NOT_FOUND);
    }

    @Test
    void itsSubjectPassesAGrantOnAndNobodyElseDoes() {
        Grant root = create("r1", rootTerms);
        DelegateGrantRequest request = delegation("d1", root, below);
        assertThat(carol.refused(getDelegateGrantMethod(), request).reason()).isEqualTo(ErrorReason.GRANT_NOT_FOUND);
        assertThat(bob.refused(getDelegateGrantMethod(), request).metadata())
                .containsEntry("grant_id", root.getGrantId());
        assertThat(new TypedCalls(service.channel(null), null).refused(getDelegateGrantMethod(), request).reason())
                .isEqualTo(ErrorReason.CREDENTIALS_REQUIRED);

        Grant child = alice.ok(getDelegateGrantMethod(), request).getGrant();

        assertThat(child.getTerms()).isEqualTo(below);
        assertThat(child.getParentGrantId()).isEqualTo(root.getGrantId());
        assertThat(child.getChainList()).containsExactly(root.getGrantId());
        assertThat(child.getCreatedBy()).isEqualTo("agent:alice");
        assertThat(child.getBudgetSessionId()).startsWith("sess_").isNotEqualTo(root.getBudgetSessionId());
        assertThat(alice.ok(getDelegateGrantMethod(), request).getGrant()).isEqualTo(child);

        // Bob passes on what he was given, without a budget of its own: it charges his.
        GrantTerms further = below.toBuilder()
                .setSubject(CAROL)
                .clearBudget()
                .setCanDelegate(false)
                .setDelegationDepth(0)
                .build();
        Grant grandchild = bob.ok(getDelegateGrantMethod(), delegation("d1", child, further)).getGrant();
        assertThat(grandchild.getChainList()).containsExactly(root.getGrantId(), child.getGrantId());
        assertThat(grandchild.getBudgetSessionId()).isEqualTo(child.getBudgetSessionId());
        assertThat(admin.ok(getDelegateGrantMethod(), delegation("d2", child, further)).getGrant().getCreatedBy())
                .isEqualTo("admin");
        ServiceError end = carol.refused(getDelegateGrantMethod(), delegation("d3", grandchild, further));
        assertThat(end.reason()).isEqualTo(ErrorReason.GRANT_NOT_NARROWER);
        assertThat(end.metadata()).containsEntry("field", "terms.can_delegate");
    }

    /** A dimension on which a delegated grant would give more, and what is said of it. */
    record Wider(UnaryOperator<GrantTerms.Builder> change, String field, String problem) {}

    static Stream<Wider> wider() {
        return Stream.of(new Wider(terms -> terms.addTools("clock/now"), "terms.tools[1]", "clock/now"),
                new Wider(terms -> terms.addTools("calc*"), "terms.tools[1]", "calc*"),
                new Wider(terms -> terms.addScopes("math"), "terms.scopes[1]", "math"),
                new Wider(terms -> later(terms, 1), "terms.expires_at", "must not be after that of the grant above"),
                new Wider(terms -> terms.setDelegationDepth(2), "terms.delegation_depth",
                        "must be less than that of the grant above, 2"),
                new Wider(terms -> limited(terms,
                        "[{\"counter\":\"calls\",\"window\":\"minute\",\"scope\":\"grant\",\"max\":31}]"),
                        "terms.limits_json", "at /0/max must not be more than 30"),
                new Wider(terms -> terms.setSettlesBelowReserve(true), "terms.settles_below_reserve",
                        "must not be set"));
    }

    @ParameterizedTest
    @MethodSource("wider")
    void whatIsPassedOnIsNarrowerOnEveryDimension(Wider wider) {
        Grant root = create("r1", rootTerms);
        GrantTerms terms = wider.change.apply(below.toBuilder()).build();

        for (TypedCalls caller : List.of(alice, admin)) {
            ServiceError refused = caller.refused(getDelegateGrantMethod(), delegation("d1", root, terms));

            assertThat(refused.reason()).isEqualTo(ErrorReason.GRANT_NOT_NARROWER);
            assertThat(refused.metadata()).containsEntry("field", wider.field);
            assertThat(refused.metadata().get("problem")).contains(wider.problem);
        }
        assertThat(admin.ok(getListGrantsMethod(), ListGrantsRequest.getDefaultInstance()).getGrantsList())
                .containsExactly(root);
    }

    @Test
    void moneyIsCarvedOutOfTheGrantAboveAndNeverMade() {
        Grant root = create("r1", rootTerms);
        Grant child = alice.ok(getDelegateGrantMethod(), delegation("d1", root, below)).getGrant();

        ServiceError more = alice.refused(getDelegateGrantMethod(),
                delegation("d2", root, below.toBuilder().setBudget(money("6.01", "USD")).build()));
        assertThat(more.reason()).isEqualTo(ErrorReason.BUDGET_INSUFFICIENT);
        assertThat(more.metadata()).containsEntry("budget_session_id", root.getBudgetSessionId())
                .containsEntry("remaining", "6")
                .containsEntry("currency", "USD");
        ServiceError currency = alice.refused(getDelegateGrantMethod(),
                delegation("d3", root, below.toBuilder().setBudget(money("1", "EUR")).build()));
        assertThat(currency.reason()).isEqualTo(ErrorReason.CURRENCY_MISMATCH);
        assertThat(currency.metadata()).containsEntry("currency", "USD");

        // A child that goes gives back what it did not use.
        var unused = alice.ok(getRevokeGrantMethod(), revocation("v1", child));
        alice.ok(getDelegateGrantMethod(),
                delegation("d4", root, below.toBuilder().setBudget(money("10", "USD")).build()));

        Grant poor = create("r2", rootTerms.toBuilder().clearBudget().build());
        assertThat(poor.getBudgetSessionId()).isEmpty();
        ServiceError made = alice.refused(getDelegateGrantMethod(), delegation("d5", poor, below));
        assertThat(made.reason()).isEqualTo(ErrorReason.GRANT_NOT_NARROWER);
        assertThat(made.metadata()).containsEntry("field", "terms.budget");
    }

    @Test
    void whoSharesABudgetCarvesNothingOutOfIt() {
        Grant root = create("r1", rootTerms);
        Grant shared = alice
                .ok(getDelegateGrantMethod(), delegation("d1", root, below.toBuilder().clearBudget().build()))
                .getGrant();
        GrantTerms all = below.toBuilder()
                .setBudget(money("10", "USD"))
                .setCanDelegate(false)
                .setDelegationDepth(0)
                .build();

        ServiceError refused = bob.refused(getDelegateGrantMethod(), delegation("d2", shared, all));

        assertThat(refused.reason()).isEqualTo(ErrorReason.GRANT_NOT_NARROWER);
        assertThat(refused.metadata()).containsEntry("field", "terms.budget");
        // Of what is alice's she may carve, also below, and so may an operator; bob of what was carved for him.
        Grant own = alice.ok(getDelegateGrantMethod(), delegation("d3", root, below)).getGrant();
        bob.ok(getDelegateGrantMethod(), delegation("d4", own, all.toBuilder().setBudget(money("4", "USD")).build()));
        admin.ok(getDelegateGrantMethod(),
                delegation("d5", shared, all.toBuilder().setBudget(money("6", "USD")).build()));
    }

    @Test
    void whatIsAnothersDoesNotExist() {
        Grant root = create("r1", rootTerms);
        Grant child = alice.ok(getDelegateGrantMethod(), delegation("d1", root, below)).getGrant();

        assertThat(get(alice, root)).isEqualTo(root);
        assertThat(get(alice, child)).isEqualTo(child);
        assertThat(get(bob, child)).isEqualTo(child);
        assertThat(get(admin, child)).isEqualTo(child);
        assertThat(bob.refused(getGetGrantMethod(), named(root)).reason()).isEqualTo(ErrorReason.GRANT_NOT_FOUND);
        assertThat(carol.refused(getGetGrantMethod(), named(child)).reason()).isEqualTo(ErrorReason.GRANT_NOT_FOUND);
        assertThat(admin.refused(getGetGrantMethod(),
                GetGrantRequest.newBuilder().setGrantId("grant_0001" + "a".repeat(20)).build()).reason())
                .isEqualTo(ErrorReason.GRANT_NOT_FOUND);
        assertThat(admin.refused(getGetGrantMethod(), GetGrantRequest.newBuilder().setGrantId("grant_1").build())
                .reason()).isEqualTo(ErrorReason.INVALID_FIELD);

        var all = ListGrantsRequest.getDefaultInstance();
        assertThat(list(alice, all)).containsExactly(root);
        assertThat(list(bob, all)).containsExactly(child);
        assertThat(list(carol, all)).isEmpty();
        assertThat(list(alice, all.toBuilder().setBinding("agent:bob").build())).isEmpty();
        assertThat(list(bob, all.toBuilder().setParentGrantId(root.getGrantId()).build())).containsExactly(child);
        assertThat(list(carol, all.toBuilder().setParentGrantId(root.getGrantId()).build())).isEmpty();
        assertThat(list(admin, all)).containsExactlyInAnyOrder(root, child);
        assertThat(list(admin, all.toBuilder().setBinding("agent:bob").build())).containsExactly(child);
        assertThat(list(admin, all.toBuilder().setIssuerDomain("elsewhere").build())).isEmpty();
        assertThat(list(admin, all.toBuilder().setParentGrantId(root.getGrantId()).build())).containsExactly(child);
        assertThat(list(admin, all.toBuilder().setState(GrantState.GRANT_STATE_REVOKED).build())).isEmpty();
    }

    @Test
    void aLongListComesInPages() {
        GrantTerms small = rootTerms.toBuilder().clearBudget().build();
        List<Grant> made = List.of(create("r1", small), create("r2", small), create("r3", small));
        var request = ListGrantsRequest.newBuilder().setPageSize(2);
        var first = admin.ok(getListGrantsMethod(), request.build());
        var second = admin.ok(getListGrantsMethod(), request.setPageToken(first.getNextPageToken()).build());

        assertThat(first.getGrantsList()).hasSize(2);
        assertThat(second.getNextPageToken()).isEmpty();
        assertThat(first.getGrantsList()).doesNotContainAnyElementsOf(second.getGrantsList());
        assertThat(made).containsAll(first.getGrantsList()).containsAll(second.getGrantsList());
        assertThat(admin.refused(getListGrantsMethod(), request.setBinding("agent:alice").build()).reason())
                .isEqualTo(ErrorReason.INVALID_PAGE_TOKEN);
    }

    @Test
    void revokingAGrantEndsAllBelowIt() {
        Grant root = create("r1", rootTerms);
        Grant child = alice.ok(getDelegateGrantMethod(), delegation("d1", root, below)).getGrant();
        assertThat(bob.refused(getRevokeGrantMethod(), revocation("v1", root)).reason())
                .isEqualTo(ErrorReason.GRANT_NOT_FOUND);
        assertThat(bob.refused(getRevokeGrantMethod(), revocation("v2", child)).reason())
                .isEqualTo(ErrorReason.GRANT_NOT_FOUND);
        assertThat(carol.refused(getRevokeGrantMethod(), revocation("v3", child)).reason())
                .isEqualTo(ErrorReason.GRANT_NOT_FOUND);

        Grant revoked = admin.ok(getRevokeGrantMethod(), revocation("v4", root)).getGrant();

        assertThat(revoked.getState()).isEqualTo(GrantState.GRANT_STATE_REVOKED);
        assertThat(revoked.getRevocationReason()).isEqualTo("no longer needed");
        Grant ended = get(bob, child);
        assertThat(ended.getState()).isEqualTo(GrantState.GRANT_STATE_REVOKED);
        assertThat(ended.hasRevokedAt()).as("it was not revoked itself").isFalse();
        assertThat(admin.ok(getRevokeGrantMethod(), revocation("v5", root).toBuilder().setReason("again").build())
                .getGrant()).isEqualTo(revoked);
        ServiceError over = bob.refused(getDelegateGrantMethod(), delegation("d2", child,
                below.toBuilder().setSubject(CAROL).setCanDelegate(false).setDelegationDepth(0).build()));
        assertThat(over.reason()).isEqualTo(ErrorReason.GRANT_NOT_ACTIVE);
        assertThat(over.metadata()).containsEntry("grant_id", child.getGrantId()).containsEntry("state", "revoked");
    }

    @Test
    void whoPassedAGrantOnCanTakeItBack() {
        Grant root = create("r1", rootTerms);
        Grant child = alice.ok(getDelegateGrantMethod(), delegation("d1", root, below)).getGrant();

        assertThat(alice.ok(getRevokeGrantMethod(), revocation("v1", child)).getGrant().getState())
                .isEqualTo(GrantState.GRANT_STATE_REVOKED);
        assertThat(get(alice, root).getState()).isEqualTo(GrantState.GRANT_STATE_ACTIVE);
        assertThat(list(admin, ListGrantsRequest.newBuilder().setState(GrantState.GRANT_STATE_ACTIVE).build()))
                .containsExactly(root);
    }

    private TypedCalls agent(String binding) {
        return new TypedCalls(service.channel(null), service.session(service.agent(binding)));
    }

    private static ServerConfig withPolicy(ServerConfig config) {
        try {
            Path policies = Files.createDirectories(config.data().policies());
            Files.writeString(policies.resolve("open.yaml"), "version: \"1\"\ndefault: allow\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return config;
    }

    private Grant create(String requestId, GrantTerms terms) {
        return admin.ok(getCreateGrantMethod(), creation(requestId, terms)).getGrant();
    }

    private ServiceError refusedRoot(String requestId, GrantTerms terms) {
        return admin.refused(getCreateGrantMethod(), creation(requestId, terms));
    }

    private static CreateGrantRequest creation(String requestId, GrantTerms terms) {
        return CreateGrantRequest.newBuilder().setRequestId(requestId).setTerms(terms).build();
    }

    private static DelegateGrantRequest delegation(String requestId, Grant parent, GrantTerms terms) {
        return DelegateGrantRequest.newBuilder()
                .setRequestId(requestId)
                .setParentGrantId(parent.getGrantId())
                .setTerms(terms)
                .build();
    }

    private static RevokeGrantRequest revocation(String requestId, Grant grant) {
        return RevokeGrantRequest.newBuilder()
                .setRequestId(requestId)
                .setGrantId(grant.getGrantId())
                .setReason("no longer needed")
                .build();
    }

    private static GetGrantRequest named(Grant grant) {
        return GetGrantRequest.newBuilder().setGrantId(grant.getGrantId()).build();
    }

    private static Grant get(TypedCalls calls, Grant grant) {
        return calls.ok(getGetGrantMethod(), named(grant)).getGrant();
    }

    private static List<Grant> list(TypedCalls calls, ListGrantsRequest request) {
        return calls.ok(getListGrantsMethod(), request).getGrantsList();
    }

    private static Money money(String amount, String currency) {
        return Money.newBuilder().setAmount(amount).setCurrency(currency).build();
    }
}
