package io.agentpassport.server.rpc;

import static io.agentpassport.proto.v1.AuditServiceGrpc.getListEntriesMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getAddBudgetMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getCreateBudgetSessionMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getEndBudgetSessionMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getExtendBudgetSessionMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getGetBudgetSessionMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getListBudgetSessionsMethod;
import static io.agentpassport.proto.v1.BudgetSessionServiceGrpc.getListLedgerMethod;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.proto.v1.AddBudgetRequest;
import io.agentpassport.proto.v1.BudgetSession;
import io.agentpassport.proto.v1.BudgetSessionStatus;
import io.agentpassport.proto.v1.CreateBudgetSessionRequest;
import io.agentpassport.proto.v1.EndBudgetSessionRequest;
import io.agentpassport.proto.v1.ExtendBudgetSessionRequest;
import io.agentpassport.proto.v1.GetBudgetSessionRequest;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.LedgerEntryKind;
import io.agentpassport.proto.v1.ListBudgetSessionsRequest;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.ListLedgerRequest;
import io.agentpassport.proto.v1.Money;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Money by rpc: who may do what with it, and what is answered. */
class BudgetSessionGrpcServiceTest {

    private static final Identity ALICE = Identity.newBuilder()
            .setIssuerDomain("localhost")
            .setBinding("agent:alice")
            .build();
    private static final Identity BOB = ALICE.toBuilder().setBinding("agent:bob").build();

    @AutoClose
    private TestServer service;

    private TypedCalls admin;
    private TypedCalls alice;
    private TypedCalls bob;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = new TypedCalls(service.channel(service.adminCredential()), null);
        var session = service.session(service.agent("agent:alice"));
        alice = new TypedCalls(service.channel(null), session);
        bob = new TypedCalls(service.channel(null), service.session(service.agent("agent:bob")));
    }

    @Test
    void anOperatorFundsARootOnceHoweverOftenItAsks() {
        BudgetSession made = root("r1");
        assertThat(made.getBudget().getTotal()).isEqualTo("10");
        assertThat(made.getBudget().getRemaining()).isEqualTo("10");
        assertThat(made.getBudget().getCurrency()).isEqualTo("USD");
        assertThat(made.getStatus()).isEqualTo(BudgetSessionStatus.BUDGET_SESSION_STATUS_ACTIVE);
        assertThat(made.getOwner()).isEqualTo(ALICE);
        assertThat(root("r1")).isEqualTo(made);
        assertThat(admin.refused(getCreateBudgetSessionMethod(), creation("r1").setOwner(BOB).build()).reason())
                .isEqualTo(ErrorReason.REQUEST_ID_REUSED);
        assertThat(alice.refused(getCreateBudgetSessionMethod(), creation("r2").build()).reason())
                .isEqualTo(ErrorReason.ROLE_REQUIRED);
    }

    @Test
    void anAgentCarvesChildrenOutOfItsOwnAndNobodyElses() {
        BudgetSession root = root("r1");
        CreateBudgetSessionRequest carve = creation("c1").setParentBudgetSessionId(root.getBudgetSessionId())
                .setOwner(BOB)
                .setBudget(money("4"))
                .build();
        assertThat(bob.refused(getCreateBudgetSessionMethod(), carve).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND);
        BudgetSession child = alice.ok(getCreateBudgetSessionMethod(), carve).getBudgetSession();
        assertThat(child.getParentBudgetSessionId()).isEqualTo(root.getBudgetSessionId());
        assertThat(get(alice, root).getBudget().getRemaining()).isEqualTo("6");

        var more = alice.refused(getCreateBudgetSessionMethod(),
                carve.toBuilder().setRequestId("c2").setBudget(money("7")).build());
        assertThat(more.reason()).isEqualTo(ErrorReason.BUDGET_INSUFFICIENT);
        assertThat(more.metadata()).containsEntry("remaining", "6")
                .containsEntry("budget_session_id", root.getBudgetSessionId());
        assertThat(alice.refused(getCreateBudgetSessionMethod(), carve.toBuilder()
                .setRequestId("c3")
                .setBudget(Money.newBuilder().setAmount("1").setCurrency("EUR"))
                .build()).reason()).isEqualTo(ErrorReason.CURRENCY_MISMATCH);
        assertThat(alice.refused(getCreateBudgetSessionMethod(),
                carve.toBuilder().setRequestId("c4").clearOwner().build()).reason())
                .isEqualTo(ErrorReason.INVALID_FIELD);
    }

    @Test
    void whatIsAnothersDoesNotExist() {
        BudgetSession root = root("r1");
        BudgetSession child = alice.ok(getCreateBudgetSessionMethod(), creation("c1")
                .setParentBudgetSessionId(root.getBudgetSessionId())
                .setOwner(BOB)
                .setBudget(money("4"))
                .build()).getBudgetSession();
        assertThat(get(bob, child)).isEqualTo(child);
        assertThat(get(alice, child)).isEqualTo(child);
        assertThat(get(admin, child)).isEqualTo(child);
        assertThat(bob.refused(getGetBudgetSessionMethod(), named(root)).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND);
        assertThat(bob.refused(getListLedgerMethod(),
                ListLedgerRequest.newBuilder().setBudgetSessionId(root.getBudgetSessionId()).build()).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND);
        assertThat(bob.refused(getEndBudgetSessionMethod(), end(root)).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND);
        assertThat(bob.refused(getAddBudgetMethod(), add(child, "1")).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND);
        assertThat(alice.ok(getListBudgetSessionsMethod(), ListBudgetSessionsRequest.getDefaultInstance())
                .getBudgetSessionsList()).extracting(BudgetSession::getBudgetSessionId)
                .containsExactly(root.getBudgetSessionId());
        assertThat(alice.ok(getListBudgetSessionsMethod(), ListBudgetSessionsRequest.newBuilder().setOwner(BOB).build())
                .getBudgetSessionsList()).isEmpty();
        assertThat(admin.ok(getListBudgetSessionsMethod(), ListBudgetSessionsRequest.getDefaultInstance())
                .getBudgetSessionsList()).hasSize(2);
    }

    @Test
    void moneyIsAddedWithinBounds() {
        BudgetSession root = root("r1");
        assertThat(admin.ok(getAddBudgetMethod(), add(root, "2.5")).getBudgetSession().getBudget().getTotal())
                .isEqualTo("12.5");
        assertThat(alice.refused(getAddBudgetMethod(), add(root, "1")).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND);
        BudgetSession child = alice.ok(getCreateBudgetSessionMethod(), creation("c1")
                .setParentBudgetSessionId(root.getBudgetSessionId())
                .setBudget(money("1"))
                .build()).getBudgetSession();
        assertThat(alice.ok(getAddBudgetMethod(), add(child, "1")).getBudgetSession().getBudget().getTotal())
                .isEqualTo("2");
        var beyond = alice.refused(getAddBudgetMethod(), add(child, "11"));
        assertThat(beyond.reason()).isEqualTo(ErrorReason.BUDGET_INSUFFICIENT);
        assertThat(beyond.metadata()).containsEntry("budget_session_id", root.getBudgetSessionId())
                .containsEntry("remaining", "10.5");

        var tooMuch = admin.refused(getAddBudgetMethod(), add(root, "9987.6"));
        assertThat(tooMuch.reason()).isEqualTo(ErrorReason.BUDGET_TOO_LARGE);
        assertThat(tooMuch.metadata()).containsEntry("max", "10000");
        assertThat(admin.ok(getAddBudgetMethod(), add(root, "9987.5")).getBudgetSession().getBudget().getTotal())
                .isEqualTo("10000");
    }

    @Test
    void livesLongerButNotEndlessly() {
        BudgetSession root = root("r1");
        long end = root.getExpiresAt().getSeconds();
        var extend = ExtendBudgetSessionRequest.newBuilder()
                .setRequestId("e1")
                .setBudgetSessionId(root.getBudgetSessionId());
        extend.getExpiresAtBuilder().setSeconds(end + 60);
        assertThat(admin.ok(getExtendBudgetSessionMethod(), extend.build())
                .getBudgetSession()
                .getExpiresAt()
                .getSeconds()).isEqualTo(end + 60);
        extend.setRequestId("e2").getExpiresAtBuilder().setSeconds(end + 400 * 86_400L);
        assertThat(admin.refused(getExtendBudgetSessionMethod(), extend.build()).metadata())
                .containsEntry("field", "expires_at");
    }

    @Test
    void whatEndedIsOverAndItsLedgerTellsAll() {
        BudgetSession root = root("r1");
        alice.ok(getCreateBudgetSessionMethod(), creation("c1").setParentBudgetSessionId(root.getBudgetSessionId())
                .setBudget(money("4"))
                .build());
        BudgetSession ended = alice.ok(getEndBudgetSessionMethod(), end(root)).getBudgetSession();
        assertThat(ended.getStatus()).isEqualTo(BudgetSessionStatus.BUDGET_SESSION_STATUS_ENDED);
        assertThat(admin.refused(getAddBudgetMethod(), add(root, "1")).reason())
                .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_ACTIVE);

        var ledger = ListLedgerRequest.newBuilder().setBudgetSessionId(root.getBudgetSessionId()).setPageSize(1);
        var first = alice.ok(getListLedgerMethod(), ledger.build());
        assertThat(first.getEntries(0).getKind()).isEqualTo(LedgerEntryKind.LEDGER_ENTRY_KIND_FUNDED);
        assertThat(first.getEntries(0).getReference()).isEqualTo("admin admin");
        var second = alice.ok(getListLedgerMethod(), ledger.setPageToken(first.getNextPageToken()).build());
        assertThat(second.getEntries(0).getKind()).isEqualTo(LedgerEntryKind.LEDGER_ENTRY_KIND_RESERVED);
        assertThat(second.getEntries(0).getBudgetAfter().getRemaining()).isEqualTo("6");
        assertThat(alice.refused(getListLedgerMethod(), ledger.setPageToken("x").build()).reason())
                .isEqualTo(ErrorReason.INVALID_PAGE_TOKEN);
    }

    @Test
    void theLogTellsAnAgentFromAnAdminByTheFirstWord() {
        BudgetSession root = root("r1");
        alice.ok(getCreateBudgetSessionMethod(), creation("c1").setParentBudgetSessionId(root.getBudgetSessionId())
                .setBudget(money("4"))
                .build());

        assertThat(by("budget_created")).containsExactly("admin admin");
        assertThat(by("budget_carved")).containsExactly("agent agent:alice@localhost");
    }

    private List<String> by(String kind) {
        return admin.ok(getListEntriesMethod(),
                ListEntriesRequest.newBuilder().setPartition("0001").setPageSize(100).build())
                .getEntriesList()
                .stream()
                .map(entry -> JsonParser.with(JsonLimits.LOG_ENTRY).parse(entry.getEntryJson().toByteArray()))
                .map(outcome -> ((JsonParser.Parsed) outcome).object())
                .filter(entry -> kind.equals(entry.string("kind")))
                .map(entry -> String.valueOf(entry.string("by")))
                .toList();
    }

    private BudgetSession root(String requestId) {
        return admin.ok(getCreateBudgetSessionMethod(), creation(requestId).build()).getBudgetSession();
    }

    private static CreateBudgetSessionRequest.Builder creation(String requestId) {
        return CreateBudgetSessionRequest.newBuilder().setRequestId(requestId).setOwner(ALICE);
    }

    private static BudgetSession get(TypedCalls calls, BudgetSession session) {
        return calls.ok(getGetBudgetSessionMethod(), named(session)).getBudgetSession();
    }

    private static GetBudgetSessionRequest named(BudgetSession session) {
        return GetBudgetSessionRequest.newBuilder().setBudgetSessionId(session.getBudgetSessionId()).build();
    }

    private static AddBudgetRequest add(BudgetSession session, String amount) {
        return AddBudgetRequest.newBuilder()
                .setRequestId("add-" + amount)
                .setBudgetSessionId(session.getBudgetSessionId())
                .setAmount(money(amount))
                .build();
    }

    private static EndBudgetSessionRequest end(BudgetSession session) {
        return EndBudgetSessionRequest.newBuilder()
                .setRequestId("end")
                .setBudgetSessionId(session.getBudgetSessionId())
                .build();
    }

    private static Money money(String amount) {
        return Money.newBuilder().setAmount(amount).setCurrency("USD").build();
    }
}
