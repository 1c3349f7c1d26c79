package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.terms;
import static io.agentpassport.server.gateway.call.EngineWorld.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.upstream.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that their callers run, from the reservation to its end. */
class SettlingTest {

    private static final PartitionId ID = new PartitionId(1);

    private final EngineWorld world = new EngineWorld();
    /** What sweeps have looked at. */
    private final List<ReservationId> lookedAt = new ArrayList<>();

    private List<StoredRow<ReservationId, OpenCall>> open() {
        return world.store.scan(ID, CallRows.OPEN, KeyRange.all(), 100, Instant.EPOCH).rows();
    }

    private CallAnswer.Authorized authorize(EngineWorld.Asking call) {
        return (CallAnswer.Authorized) world.get(world.gateway.authorize(call.incoming()));
    }

    private SettleAnswer settle(ReservationId reservation, int agent, int cost) {
        return world.get(world.gateway.settle(reservation, EngineWorld.identity(agent), true, true,
                new Money(Decimal.of(cost), "USD"), null));
    }

    private static Money charged(SettleAnswer answer) {
        return there(((SettleAnswer.SettledCall) answer).how().cost());
    }

    private void countingWhatIsLookedAt() {
        world.store.crash(false);
        world.open((context, limits) -> new Gateway(context, limits, DecideCall::new, new OpenCalls(context) {
            @Override
            @Nullable
            CallOutcome left(ReservationId reservation, OpenCall call, Instant now) {
                lookedAt.add(reservation);
                return super.left(reservation, call, now);
            }
        }));
        world.get(world.gateway.sweep());
        lookedAt.clear();
    }

    @Test
    void whatIsSettledIsNotOpenAndIsAnsweredAgainToItsAgentAlone() {
        world.grant(0, terms("open", "9", 0, "read"));
        world.policies.put("open").price("2");
        ReservationId reservation = authorize(world.call(0)).reservation();

        SettleAnswer first = settle(reservation, 0, 3);

        assertThat(open()).isEmpty();
        assertThat(world.store.scan(ID, CallRows.DUE, KeyRange.all(), 100, Instant.EPOCH).rows()).isEmpty();
        assertThat(charged(settle(reservation, 0, 7))).isEqualTo(charged(first));
        assertThat(settle(reservation, 1, 3)).isInstanceOf(SettleAnswer.NotFound.class);
    }

    @Test
    void whatNobodySettledIsOverAndNotOpen() {
        world.grant(0, terms("open", "9", 0, "read"));
        ReservationId reservation = authorize(world.call(0)).reservation();
        world.get(world.gateway.sweep());

        world.clock.move(GatewayLimits.RESERVATION.plusMillis(1));
        assertThat(world.get(world.gateway.sweep())).isEqualTo(1);

        assertThat(open()).isEmpty();
        assertThat(settle(reservation, 0, 0)).isInstanceOf(SettleAnswer.Over.class);
        assertThat(world.get(world.gateway.sweep())).isEqualTo(0);
    }

    @Test
    void aSweepLooksAtWhatIsDueAndAtNothingElse() {
        countingWhatIsLookedAt();
        world.grant(0, terms("open", null, 0, "read"));
        ReservationId first = authorize(world.call(0)).reservation();
        world.clock.move(Duration.ofSeconds(200));
        ReservationId second = authorize(world.call(0)).reservation();
        authorize(world.call(0));

        world.get(world.gateway.sweep());
        assertThat(lookedAt).isEmpty();
        world.clock.move(Duration.ofSeconds(101));
        world.get(world.gateway.sweep());

        assertThat(lookedAt).containsExactly(first);
        assertThat(open()).hasSize(2).anyMatch(row -> row.key().equals(second));
    }

    @Test
    void aRequestIdIsUsedForADayAndItsAnswerIsKeptForTenMinutes() {
        world.grant(0, terms("open", null, 0, "read"));
        world.call(0).process();

        assertThat(kept(CallRows.ANSWERS, Duration.ofMinutes(10).minusMillis(1))).isEqualTo(1);
        assertThat(kept(CallRows.ANSWERS, Duration.ofMinutes(10))).isZero();
        assertThat(kept(CallRows.CALLS, Duration.ofHours(24).minusMillis(1))).isEqualTo(1);
        assertThat(kept(CallRows.CALLS, Duration.ofHours(24))).isZero();
    }

    private int kept(Keyspace<?, ?> rows, Duration later) {
        return world.store.scan(ID, rows, KeyRange.all(), 100, EngineWorld.START.plus(later)).rows().size();
    }

    @Test
    void anAnswerThatIsTooLongToKeepIsSaidToBeDoneWhenItIsAskedForAgain() {
        world.grant(0, terms("open", null, 0, "read"));
        assertThat(askedTwice(64 * 1024)).isEqualTo(CallOutcome.RESULT);
        assertThat(askedTwice(64 * 1024 + 1)).isEqualTo(CallOutcome.ALREADY_DONE);
        assertThat(world.tools.runs()).hasSize(2);
    }

    private CallOutcome askedTwice(int bytes) {
        JsonObject shortest = JsonObject.builder().put("t", "").build();
        JsonObject result = JsonObject.builder().put("t", "x".repeat(bytes - Jcs.bytes(shortest).length)).build();
        world.tools.running((tool, id) -> CompletableFuture.completedFuture(new ToolResult(result, false)));
        EngineWorld.Asking asking = world.call(0);
        CallAnswer.Ran first = (CallAnswer.Ran) asking.process();
        assertThat(there(first.result())).hasSize(bytes);
        return ((CallAnswer.Ran) asking.process()).outcome();
    }

    @Test
    void nothingCostsMoreThanItsRequestLetsItCost() {
        world.grant(0, terms("open", "100", 0, "read"));
        world.policies.put("open").price("2");
        world.tools.running((tool, id) -> CompletableFuture.completedFuture(FakeTools.costing(60)));

        assertThat(there(((CallAnswer.Ran) world.call(0).spend("5").process()).cost()).amount().text()).isEqualTo("5");
        CallAnswer.Ran above = (CallAnswer.Ran) world.call(0).process();

        assertThat(there(above.cost()).amount().text()).as("what the tool says it cost").isEqualTo("60");
        assertThat(there(above.report().budget()).remaining().amount().text()).isEqualTo("35");
    }

    @Test
    void whatACallCostAboveWhatItsRequestLetsItCostIsToldAndWrittenDown() {
        world.grant(0, terms("open", "100", 0, "read"));
        world.policies.put("open").price("2");
        world.tools.running((tool, id) -> CompletableFuture.completedFuture(FakeTools.costing(60)));

        EngineWorld.Asking asking = world.call(0).spend("5");
        CallAnswer.Ran first = (CallAnswer.Ran) asking.process();
        CallAnswer.Ran again = (CallAnswer.Ran) asking.process();

        for (CallAnswer.Ran ran : List.of(first, again)) {
            assertThat(there(ran.cost()).amount().text()).as("what is charged").isEqualTo("5");
            assertThat(there(ran.overrun()).amount().text()).as("what nobody pays").isEqualTo("55");
        }
        JsonObject settled = there(first.report().log()).entries().getLast().json();
        assertThat(there(settled.object("cost")).string("amount")).isEqualTo("60");
        assertThat(there(settled.object("uncovered")).string("amount")).isEqualTo("55");
    }

    @Test
    void whoSettlesItsOwnCallIsChargedNoMoreThanWasHeldWhateverItSays() {
        GrantId shared = world.grant(0, terms("open", "100", 1, "read"));
        world.delegate(shared, 0, 1, terms(null, null, 0, "read"));
        world.policies.put("open").price("0.01");
        ReservationId reservation = authorize(world.call(1)).reservation();

        var settled = (SettleAnswer.SettledCall) world.get(world.gateway.settle(reservation, EngineWorld.identity(1),
                true, true, new Money(there(Decimal.fromText("999999999999999999")), "USD"), null));

        assertThat(there(settled.how().cost()).amount().text()).isEqualTo("0.01");
        assertThat(there(settled.left()).remaining().amount().text()).isEqualTo("99.99");
        assertThat(EngineWorld.code(world.call(0).process())).isEqualTo(DecisionCode.ALLOWED);
    }

    @Test
    void aCallThatIsOpenIsReadAsItWasWrittenAlsoWithItsCeiling() {
        world.grant(0, terms("open", "9", 0, "read"));
        world.policies.put("open").price("2");
        authorize(world.call(0).spend("5"));
        authorize(world.call(0));

        assertThat(open()).hasSize(2)
                .allSatisfy(row -> assertThat(OpenCall.decode(row.value().encode())).isEqualTo(row.value()))
                .anySatisfy(row -> assertThat(row.value().ceiling()).isEqualTo(new Money(Decimal.of(5), "USD")));
    }
}
