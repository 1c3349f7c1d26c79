package io.agentpassport.wire;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.AddBudgetRequest;
import io.agentpassport.proto.v1.CreateBudgetSessionRequest;
import io.agentpassport.proto.v1.EndBudgetSessionRequest;
import io.agentpassport.proto.v1.ExtendBudgetSessionRequest;
import io.agentpassport.proto.v1.GetBudgetSessionRequest;
import io.agentpassport.proto.v1.ListBudgetSessionsRequest;
import io.agentpassport.proto.v1.ListLedgerRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The requests of budget_session_service.proto as values, and their decoding. The id of a budget session is {@code sess_}
 * and 24 hex digits.
 */
public final class BudgetRequests {

    /** What a budget session begins with when nobody says. */
    public static final Money DEFAULT_BUDGET = new Money(Decimal.of(10), "USD");

    private BudgetRequests() {}

    /** Whether a budget session pays. */
    public enum Status {
        /** It pays while something remains. */
        ACTIVE,
        /** Nothing remains. */
        EXHAUSTED,
        /** Past its time. */
        EXPIRED,
        /** Ended by a call. */
        ENDED,
        /** Its grant was revoked. */
        REVOKED
    }

    /**
     * Asks for a budget session.
     *
     * @param owner null for one that only funds others
     * @param life 1 s to 366 d; null for 24 h, or for as long as the parent lives
     * @param parentId what to carve it out of; null for a root
     */
    public record Creation(RequestId requestId, @Nullable Identity owner, Money budget,
            @Nullable Duration life, @Nullable String parentId) {}

    /** Asks for a list of budget sessions: of that agent or, with null, of all. */
    public record Query(@Nullable Identity owner, PageRequest page) {}

    /** Asks to add money, more than nothing. */
    public record Addition(RequestId requestId, String budgetSessionId, Money amount) {}

    /** Asks for a later end. */
    public record Extension(RequestId requestId, String budgetSessionId, Instant expiresAt) {}

    /** Asks to end a budget session; the reason may be empty. */
    public record End(RequestId requestId, String budgetSessionId, String reason) {}

    /** Asks for a piece of a ledger. */
    public record LedgerQuery(String budgetSessionId, PageRequest page) {}

    /** Decodes it. */
    public static Decoded<Creation> decode(CreateBudgetSessionRequest request) {
        return Decoded.of(() -> new Creation(Fields.requestId(request.getRequestId()),
                request.hasOwner() ? Fields.identity("owner", request.getOwner()) : null,
                request.hasBudget() ? Fields.moreThanNothing("budget", request.getBudget()) : DEFAULT_BUDGET,
                request.hasLife()
                        ? WireTime.decode("life", request.getLife(), Limits.MIN_BUDGET_LIFE, Limits.MAX_BUDGET_LIFE)
                        : null,
                Fields.optionalPlacedId("parent_budget_session_id", Fields.BUDGET_SESSION,
                        request.getParentBudgetSessionId())));
    }

    /** Decodes it: which budget session. */
    public static Decoded<String> decode(GetBudgetSessionRequest request) {
        return Decoded.of(() -> id(request.getBudgetSessionId()));
    }

    /** Decodes it. */
    public static Decoded<Query> decode(ListBudgetSessionsRequest request) {
        return Decoded.of(() -> new Query(
                request.hasOwner() ? Fields.identity("owner", request.getOwner()) : null,
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<Addition> decode(AddBudgetRequest request) {
        return Decoded.of(() -> new Addition(Fields.requestId(request.getRequestId()),
                id(request.getBudgetSessionId()), Fields.moreThanNothing("amount", request.getAmount())));
    }

    /** Decodes it. */
    public static Decoded<Extension> decode(ExtendBudgetSessionRequest request) {
        return Decoded.of(() -> {
            RequestId requestId = Fields.requestId(request.getRequestId());
            String id = id(request.getBudgetSessionId());
            if (!request.hasExpiresAt()) {
                throw Malformed.field("expires_at", "is required");
            }
            return new Extension(requestId, id, WireTime.decode("expires_at", request.getExpiresAt()));
        });
    }

    /** Decodes it. */
    public static Decoded<End> decode(EndBudgetSessionRequest request) {
        return Decoded.of(() -> new End(Fields.requestId(request.getRequestId()), id(request.getBudgetSessionId()),
                Fields.optionalText("reason", request.getReason(), Limits.REASON_CHARS)));
    }

    /** Decodes it. */
    public static Decoded<LedgerQuery> decode(ListLedgerRequest request) {
        return Decoded.of(() -> new LedgerQuery(id(request.getBudgetSessionId()),
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    private static String id(String value) {
        return Fields.placedId("budget_session_id", Fields.BUDGET_SESSION, value);
    }
}
