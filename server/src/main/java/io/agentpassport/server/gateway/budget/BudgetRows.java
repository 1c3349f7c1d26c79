package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.RowInput;
import io.agentpassport.server.store.RowOutput;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of budgets. What every charged call writes is binary; the first byte says which form. */
public final class BudgetRows {

    private static final int ACCOUNT = 1;
    private static final int ENTRY = 1;
    private static final Codec<BudgetSessionId> ID = Codec.of(BudgetSessionId::bytes, BudgetSessionId::of);

    /** What never changes of a session. */
    static final Keyspace<BudgetSessionId, BudgetTerms> TERMS = new Keyspace<>(58, "budget_terms", ID,
            JsonCodec.of(BudgetTerms::json, BudgetTerms::fromJson));

    /** What a session has and how it stands. */
    static final Keyspace<BudgetSessionId, BudgetAccount> ACCOUNTS = new Keyspace<>(59, "budget_accounts", ID,
            Codec.of(BudgetRows::encode, BudgetRows::decodeAccount));

    /** Where its money went, in order. */
    static final Keyspace<EntryKey, LedgerEntry> LEDGER = new Keyspace<EntryKey, LedgerEntry>(60, "budget_ledger",
            Codec.of(EntryKey::encode, EntryKey::decode), Codec.of(BudgetRows::encode, BudgetRows::decodeEntry))
            .unread();

    /** Where sessions stand in lists. */
    static final Keyspace<BudgetPlace, BudgetSessionId> LISTS = new Keyspace<BudgetPlace, BudgetSessionId>(61,
            "budget_lists",
            Codec.of(BudgetPlace::encode, BudgetPlace::decode), ID).unread();

    /** What became of requests, by who asked and the request id. */
    static final Keyspace<String, Answered> REQUESTS = new Keyspace<String, Answered>(62, "budget_requests",
            Codec.text(),
            JsonCodec.of(Answered::json, Answered::fromJson)).brief();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(TERMS, ACCOUNTS, LEDGER, LISTS, REQUESTS);

    private BudgetRows() {}

    /**
     * The place of a ledger entry.
     *
     * @param number
     *            see {@link LedgerEntry#number}
     */
    record EntryKey(BudgetSessionId session, long number) {

        private static final int BYTES = BudgetSessionId.BYTES + Long.BYTES;

        byte[] encode() {
            return ByteBuffer.allocate(BYTES).put(session.bytes()).putLong(number).array();
        }

        static EntryKey decode(byte[] bytes) {
            if (bytes.length != BYTES) {
                throw new IllegalArgumentException("the key of a ledger entry has " + BYTES + " bytes");
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte[] id = new byte[BudgetSessionId.BYTES];
            in.get(id);
            return new EntryKey(BudgetSessionId.of(id), in.getLong());
        }
    }

    /**
     * A request that was answered.
     *
     * @param digest
     *            of all that was asked for
     */
    record Answered(String digest, BudgetSessionId session) {

        JsonObject json() {
            return JsonObject.builder().put("digest", digest).put("session", session.text()).build();
        }

        static @Nullable Answered fromJson(JsonObject json) {
            String digest = json.string("digest");
            BudgetSessionId session = BudgetSessionId.fromText(json.string("session"));
            return digest == null || session == null ? null : new Answered(digest, session);
        }
    }

    private static byte[] encode(BudgetAccount account) {
        Balance balance = account.balance();
        return new RowOutput(ACCOUNT, 80).decimal(balance.total())
                .decimal(balance.used())
                .decimal(balance.reserved())
                .small(balance.overdrawn() ? 1 : 0)
                .number(account.entries())
                .number(account.expiresAt().toEpochMilli())
                .small(code(account.closed()))
                .number(account.openChildren())
                .decimal(account.reported())
                .toByteArray();
    }

    private static BudgetAccount decodeAccount(byte[] bytes) {
        RowInput in = RowInput.of(bytes, ACCOUNT);
        var balance = new Balance(in.decimal(), in.decimal(), in.decimal(), in.small() == 1);
        var account = new BudgetAccount(balance, in.number(), Instant.ofEpochMilli(in.number()), closed(in.small()),
                in.count(BudgetLimits.MAX_CHILDREN), in.decimal());
        in.end();
        return account;
    }

    private static byte[] encode(LedgerEntry entry) {
        return new RowOutput(ENTRY, 128).number(entry.number())
                .small(entry.kind().code())
                .decimal(entry.amount())
                .number(entry.at().toEpochMilli())
                .text(entry.reference())
                .decimal(entry.total())
                .decimal(entry.used())
                .decimal(entry.reserved())
                .toByteArray();
    }

    private static LedgerEntry decodeEntry(byte[] bytes) {
        RowInput in = RowInput.of(bytes, ENTRY);
        var entry = new LedgerEntry(in.number(), LedgerKind.fromCode(in.small()), in.decimal(),
                Instant.ofEpochMilli(in.number()), in.text(), in.decimal(), in.decimal(), in.decimal());
        in.end();
        return entry;
    }

    private static int code(BudgetStatus closed) {
        return switch (closed) {
            case ACTIVE -> 0;
            case EXPIRED -> 1;
            case ENDED -> 2;
            case REVOKED -> 3;
            case EXHAUSTED -> throw new IllegalArgumentException("nothing is closed as exhausted");
        };
    }

    private static BudgetStatus closed(int code) {
        return switch (code) {
            case 0 -> BudgetStatus.ACTIVE;
            case 1 -> BudgetStatus.EXPIRED;
            case 2 -> BudgetStatus.ENDED;
            case 3 -> BudgetStatus.REVOKED;
            default -> throw new IllegalArgumentException("nothing is closed as " + code);
        };
    }
}
