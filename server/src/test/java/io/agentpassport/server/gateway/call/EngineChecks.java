package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineModel.check;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.budget.LedgerCheck;
import io.agentpassport.server.gateway.call.EngineModel.Asked;
import io.agentpassport.server.gateway.call.EngineModel.Violation;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what the engine made durable with {@link EngineModel}. */
final class EngineChecks {

    private static final PartitionId ID = new PartitionId(1);

    private final EngineWorld world;
    private final EngineModel model;
    private final LedgerCheck.Followed ledgers = new LedgerCheck.Followed();
    private @Nullable Violation noted;

    EngineChecks(EngineWorld world, EngineModel model) {
        this.world = world;
        this.model = model;
    }

    /** Runs checks where what they throw would be lost; {@link #follow} throws it. */
    void noting(Runnable checks) {
        try {
            checks.run();
        } catch (Violation e) {
            noted = noted == null ? e : noted;
        }
    }

    /** Folds what has become durable into the model, and compares all there is to compare. */
    void follow() {
        if (noted != null) {
            throw noted;
        }
        StoredRow<String, Long> head = world.store.get(ID, RowLog.HEAD, "head", Instant.EPOCH);
        long size = head == null ? 0 : head.value();
        if (size == model.size()) {
            return;
        }
        while (model.size() < size) {
            StoredRow<Long, JsonObject> entry = world.store.get(ID, RowLog.ENTRIES, model.size(), Instant.EPOCH);
            model.next(known(entry, "the log has no hole at " + model.size()).value());
        }
        int open = 0;
        for (StoredRow<ReservationId, OpenCall> row : world.store
                .scan(ID, CallRows.OPEN, KeyRange.all(), 1_000, Instant.EPOCH)
                .rows()) {
            String what = row.value().key() + " is open, and not to be";
            EngineModel.Allowed call = known(model.allowed.get(row.value().key().requestId()), what);
            check(call.outcome == null && call.reservation.equals(row.key().text()),
                    what);
            open++;
        }
        check(open == model.open(), open + " calls are open, not " + model.open());
        for (String session : model.moved()) {
            List<Integer> money = ledgers.follow(world.store, ID, session);
            if (!money.equals(model.money(session))) {
                throw new Violation("the ledger of " + session + " is " + money + ", not " + model.money(session));
            }
        }
    }

    /** What must be there. */
    static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new Violation(what);
        }
        return value;
    }

    /** The entry of a decision that was answered. */
    JsonObject at(CallReport report) {
        CallReport.Logged place = known(report.log(), "what was answered is in the log");
        check(place.decided() < model.size(), "what was answered is in the log");
        return known(world.store.get(ID, RowLog.ENTRIES, place.decided(), Instant.EPOCH), "the entry is there").value();
    }

    /** What is durable of a call. */
    @Nullable
    StoredRow<CallKey, CallRow> row(Asked asked) {
        return world.store.get(ID, CallRows.CALLS, new CallKey(world.caller(asked.agent()).holder(), asked.requestId()),
                Instant.EPOCH);
    }
}
