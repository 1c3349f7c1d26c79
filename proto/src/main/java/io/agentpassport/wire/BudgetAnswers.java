package io.agentpassport.wire;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.AddBudgetResponse;
import io.agentpassport.proto.v1.BudgetSessionStatus;
import io.agentpassport.proto.v1.CreateBudgetSessionResponse;
import io.agentpassport.proto.v1.EndBudgetSessionResponse;
import io.agentpassport.proto.v1.ExtendBudgetSessionResponse;
import io.agentpassport.proto.v1.GetBudgetSessionResponse;
import io.agentpassport.proto.v1.ListBudgetSessionsResponse;
import io.agentpassport.proto.v1.ListLedgerResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answers of budget_session_service.proto as values, and their encoding. */
public final class BudgetAnswers {

    private BudgetAnswers() {}

    /** What a budget holds, in one currency. */
    public record Budget(Decimal total, Decimal used, Decimal reserved, Decimal remaining, String currency) {}

    /**
     * A budget session, and where it stands.
     *
     * @param owner null for one that only funds others
     * @param parentId what it was carved out of; null for a root
     * @param expiresAt the first instant at which it is over
     * @param ledgerSize how many entries its ledger has
     */
    public record BudgetSession(String id, PartitionName partition, @Nullable Identity owner,
            @Nullable String parentId, Budget budget, BudgetRequests.Status status, Instant createdAt,
            Instant expiresAt, long ledgerSize) {}

    /** What an entry of a ledger records. */
    public enum LedgerEntryKind {
        /** Money came in. */
        FUNDED,
        /** Money is held. */
        RESERVED,
        /** What was held is used. */
        CONSUMED,
        /** What was held is free again. */
        RELEASED,
        /** More is owed than there was. */
        OVERRUN,
        /** Used money came back. */
        REFUNDED
    }

    /** An entry of a ledger; the reference is the call, the budget session at the other end, or who funded it. */
    public record LedgerEntry(long index, LedgerEntryKind kind, Decimal amount, Instant at, String reference,
            Budget after) {}

    /** Answers CreateBudgetSession. */
    public static CreateBudgetSessionResponse created(BudgetSession session) {
        return CreateBudgetSessionResponse.newBuilder().setBudgetSession(encode(session)).build();
    }

    /** Answers GetBudgetSession. */
    public static GetBudgetSessionResponse found(BudgetSession session) {
        return GetBudgetSessionResponse.newBuilder().setBudgetSession(encode(session)).build();
    }

    /** Answers ListBudgetSessions. */
    public static ListBudgetSessionsResponse listed(Page<BudgetSession> page) {
        var response = ListBudgetSessionsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(session -> response.addBudgetSessions(encode(session)));
        return response.build();
    }

    /** Answers AddBudget. */
    public static AddBudgetResponse added(BudgetSession session) {
        return AddBudgetResponse.newBuilder().setBudgetSession(encode(session)).build();
    }

    /** Answers ExtendBudgetSession. */
    public static ExtendBudgetSessionResponse extended(BudgetSession session) {
        return ExtendBudgetSessionResponse.newBuilder().setBudgetSession(encode(session)).build();
    }

    /** Answers EndBudgetSession. */
    public static EndBudgetSessionResponse ended(BudgetSession session) {
        return EndBudgetSessionResponse.newBuilder().setBudgetSession(encode(session)).build();
    }

    /** Answers ListLedger. */
    public static ListLedgerResponse ledger(Page<LedgerEntry> page) {
        var response = ListLedgerResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(entry -> response.addEntries(encode(entry)));
        return response.build();
    }

    /** The money, also of a request. */
    public static io.agentpassport.proto.v1.Money encode(Money money) {
        return io.agentpassport.proto.v1.Money.newBuilder()
                .setAmount(money.amount().text())
                .setCurrency(money.currency())
                .build();
    }

    /** The money of an answer, or null when it is none. */
    public static @Nullable Money decode(io.agentpassport.proto.v1.Money money) {
        Decimal amount = Decimal.fromText(money.getAmount());
        return amount == null || !Money.isCurrency(money.getCurrency()) ? null : new Money(amount, money.getCurrency());
    }

    private static io.agentpassport.proto.v1.BudgetSession encode(BudgetSession session) {
        String parentId = session.parentId();
        var message = io.agentpassport.proto.v1.BudgetSession.newBuilder()
                .setBudgetSessionId(session.id())
                .setPartition(session.partition().text())
                .setParentBudgetSessionId(parentId == null ? "" : parentId)
                .setBudget(encode(session.budget()))
                .setStatus(encode(session.status()))
                .setCreatedAt(WireTime.encode(session.createdAt()))
                .setExpiresAt(WireTime.encode(session.expiresAt()))
                .setLedgerSize(session.ledgerSize());
        Identity owner = session.owner();
        return (owner == null ? message : message.setOwner(Identities.encode(owner))).build();
    }

    private static io.agentpassport.proto.v1.Budget encode(Budget budget) {
        return io.agentpassport.proto.v1.Budget.newBuilder()
                .setTotal(budget.total().text())
                .setUsed(budget.used().text())
                .setReserved(budget.reserved().text())
                .setRemaining(budget.remaining().text())
                .setCurrency(budget.currency())
                .build();
    }

    private static io.agentpassport.proto.v1.LedgerEntry encode(LedgerEntry entry) {
        return io.agentpassport.proto.v1.LedgerEntry.newBuilder()
                .setIndex(entry.index())
                .setKind(encode(entry.kind()))
                .setAmount(entry.amount().text())
                .setAt(WireTime.encode(entry.at()))
                .setReference(entry.reference())
                .setBudgetAfter(encode(entry.after()))
                .build();
    }

    static BudgetSessionStatus encode(BudgetRequests.Status status) {
        return BudgetSessionStatus.valueOf("BUDGET_SESSION_STATUS_" + status.name());
    }

    static io.agentpassport.proto.v1.LedgerEntryKind encode(LedgerEntryKind kind) {
        return io.agentpassport.proto.v1.LedgerEntryKind.valueOf("LEDGER_ENTRY_KIND_" + kind.name());
    }
}
