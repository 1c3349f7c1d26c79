package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.limit.ReserveOutcome;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.upstream.Tool;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Engines that each lack one protection. The simulation must find every one of them. */
@SuppressWarnings("ImmutableEnumChecker") // its fields make things, and hold none
enum BrokenEngines implements EngineWorld.Gateways {

    /** Runs a request again. */
    FORGETS_WHAT_RAN((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        @Nullable
        Decision repeated(Rows rows) {
            return null;
        }
    }),

    /** Lets a request be kept and shown later. */
    TAKES_OLD_REQUESTS((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        @Nullable
        Decision stale(Rows rows) {
            return null;
        }
    }),

    /** Lets whoever was revoked go on. */
    BELIEVES_FOR_EVER((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        @Nullable
        Decision session(Rows rows) {
            return null;
        }
    }),

    /** Decides by what was so when the call came. */
    DECIDES_BY_OLD_PLANS((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        boolean isCurrent(Rows rows) {
            return true;
        }
    }),

    /** Counts calls that the budget refused, and previews. */
    KEEPS_WHAT_A_REFUSED_CALL_TOOK((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        void untake(Rows rows, ReserveOutcome.Reserved taken) {}
    }),

    /** Lets one approval serve many calls, and forgets that it was used. */
    USES_AN_APPROVAL_TWICE((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        void use(Rows rows, Approval approval) {}

        @Override
        @Nullable
        Decision repeated(Rows rows) {
            Decision known = super.repeated(rows);
            return known instanceof Decision.Known ? null : known;
        }
    }),

    /** Asks the policy nothing. */
    SKIPS_POLICIES((plan, mode, drawn, desk) -> new DecideCall(plan, mode, drawn, desk) {
        @Override
        @Nullable
        Decision policies(Rows rows, Tool tool) {
            return null;
        }
    }),

    /** Runs what was withdrawn after it was decided. */
    LOOKS_ONCE_FOR_REVOCATIONS((context, limits) -> {
        var open = new OpenCalls(context);
        return new Gateway(context, limits, DecideCall::new, open, new CallExecution(context, limits, open) {
            @Override
            boolean isWithdrawn(CallPlan plan, Instant now) {
                return false;
            }
        });
    }),

    /** Takes a call that runs for one that nobody runs. */
    SWEEPS_WHAT_RUNS(context -> new OpenCalls(context) {
        @Override
        void begin(ReservationId reservation) {}
    }),

    /** Leaves calls open that nobody runs. */
    NEVER_SWEEPS(context -> new OpenCalls(context) {
        @Override
        @Nullable
        CallOutcome left(ReservationId reservation, OpenCall call, Instant now) {
            return null;
        }
    }),

    /** Takes a call that its caller runs for one that was left, before its time is over. */
    SWEEPS_WHAT_OTHERS_RUN(context -> new OpenCalls(context) {
        @Override
        @Nullable
        CallOutcome left(ReservationId reservation, OpenCall call, Instant now) {
            return call.mode() == CallMode.AUTHORIZE ? CallOutcome.NEVER_SETTLED
                    : super.left(reservation, call, now);
        }
    }),

    /** Charges what was held, whatever it cost. */
    STOPS_AT_WHAT_WAS_HELD(() -> new CallBudgets() {
        @Override
        public @Nullable Charged settle(Rows rows, BudgetSessionId session, ReservationId call, Money held,
                Money actual) {
            return super.settle(rows, session, call, held, actual.amount().compareTo(held.amount()) > 0 ? held
                    : actual);
        }
    }),

    /** Keeps what was held, and charges nothing. */
    LEAVES_THE_BUDGET_AS_IT_IS(() -> new CallBudgets() {
        @Override
        public @Nullable Charged settle(Rows rows, BudgetSessionId session, ReservationId call, Money held,
                Money actual) {
            return null;
        }
    }),

    /** Charges a budget only when the call is over. */
    HOLDS_NOTHING_BEFORE_THE_RUN(() -> new CallBudgets() {
        @Override
        public Outcome reserve(Rows rows, BudgetSessionId session, @Nullable BudgetSessionId grants, Identity agent,
                Money price,
                ReservationId call, boolean really) {
            return super.reserve(rows, session, grants, agent, price, call, false);
        }
    });

    private final EngineWorld.Gateways gateways;
    private final Supplier<CallBudgets> budgets;

    BrokenEngines(EngineWorld.Gateways gateways) {
        this.gateways = gateways;
        this.budgets = CallBudgets::new;
    }

    BrokenEngines(Gateway.Deciders deciders) {
        this((context, limits) -> new Gateway(context, limits, deciders, new OpenCalls(context)));
    }

    BrokenEngines(Function<GatewayContext, OpenCalls> open) {
        this((context, limits) -> new Gateway(context, limits, DecideCall::new, open.apply(context)));
    }

    BrokenEngines(Supplier<CallBudgets> budgets) {
        this.gateways = Gateway::new;
        this.budgets = budgets;
    }

    CallBudgets budgets() {
        return budgets.get();
    }

    @Override
    public Gateway make(GatewayContext context, GatewayLimits limits) {
        return gateways.make(context, limits);
    }
}
