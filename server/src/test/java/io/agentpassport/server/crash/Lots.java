package io.agentpassport.server.crash;

import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PolicyRecord;
import io.agentpassport.client.PolicySource;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An admin who makes grants, budget sessions and policies one after the other, and revokes the grants again. */
final class Lots {

    private static final JsonArray LIMIT = new JsonArray(List.of(JsonObject.builder()
            .put("counter", "calls")
            .put("window", "total")
            .put("max", World.MOST_UNDER_A_GRANT)
            .put("scope", "grant")
            .build()));

    private static final int CALLS = 50;

    private final World world;
    private final Clients clients;
    private final Semaphore calls = new Semaphore(0);
    private volatile @Nullable Bounded<GrantRecord> grant;
    private volatile @Nullable Bounded<BudgetSessionRecord> budget;

    Lots(World world, Clients clients) {
        this.world = world;
        this.clients = clients;
    }

    /** The newest grant. */
    @Nullable
    Lot grant() {
        Bounded<GrantRecord> newest = grant;
        return newest == null ? null : newest.lot();
    }

    /** The newest budget session. */
    @Nullable
    Lot budget() {
        Bounded<BudgetSessionRecord> newest = budget;
        return newest == null ? null : newest.lot();
    }

    /** One of each, and the end of the ones before, under which calls are on their way. */
    void next() {
        int number = world.next();
        Bounded<GrantRecord> before = grant;
        makeGrant(number);
        Lot old = before == null ? null : before.lot();
        if (before != null && old != null && grant != before) {
            before.revoked().ask(() -> clients.admin().grants().revoke(old.id(), "another one follows").state());
        }
        if (grant != before && makeBudget(number) && putPolicy(number)) {
            pause();
        }
    }

    private void makeGrant(int number) {
        var made = new Bounded<GrantRecord>(Lot.Kind.TOTAL, World.MOST_UNDER_A_GRANT, "grant " + number);
        world.history().grants().add(made);
        GrantRecord record = Life.answer(made.made()
                .ask(() -> clients.admin()
                        .grants()
                        .create(World.to(world.granted()).policy(World.PLAIN).limits(LIMIT))));
        if (record != null) {
            made.named(record.id());
            grant = made;
        }
    }

    private boolean makeBudget(int number) {
        var made = new Bounded<BudgetSessionRecord>(Lot.Kind.BUDGET, World.MOST_OF_A_BUDGET, "budget " + number);
        world.history().budgets().add(made);
        BudgetSessionRecord record = Life.answer(made.made()
                .ask(() -> clients.admin()
                        .budgetSessions()
                        .carve(world.purse(), new Identity("localhost", world.spending().binding()),
                                World.money(World.BUDGET), Duration.ofHours(4))));
        if (record == null) {
            return false;
        }
        made.named(record.id());
        Bounded<BudgetSessionRecord> before = budget;
        budget = made;
        Lot old = before == null ? null : before.lot();
        return before == null || old == null || before.revoked()
                .ask(() -> clients.admin()
                        .budgetSessions()
                        .end(old.id(), "another one follows")
                        .status()) instanceof Told.Acknowledged;
    }

    private boolean putPolicy(int number) {
        var put = new Operation<PolicyRecord>("policy " + number);
        world.history().policies().add(put);
        return put.ask(() -> clients.admin()
                .policies()
                .put("notes", new PolicySource.Written("""
                        {"version":"1","tools":{"builtin/echo":{"limits":[{"counter":"c","window":"day","max":%d,\
                        "scope":"agent"}]}}}""".formatted(number)), 0, "version " + number)
                .policy()) instanceof Told.Acknowledged;
    }

    /** Somebody called. */
    void used() {
        calls.release();
    }

    /** Until there were some calls under what was made. */
    private void pause() {
        try {
            if (calls.tryAcquire(CALLS, 1, TimeUnit.SECONDS)) {
                calls.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
