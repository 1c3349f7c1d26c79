package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalDesk;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.gateway.call.PoliciesInForce.InForce;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.gateway.grant.GrantCheck;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.gateway.limit.Remaining;
import io.agentpassport.server.gateway.limit.ReserveOutcome;
import io.agentpassport.server.mutualauth.CallerSession;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.policy.CounterView;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.StateCondition;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.DuePlace;
import io.agentpassport.server.upstream.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides a call, in order with everything else of its partition. The checks stand in the order of
 * {@link DecisionCode}; the first that fails is the answer. Nothing is changed before all of them have passed, but for what a
 * refusal leaves behind: its entry in the log, and the question to people.
 */
class DecideCall implements Command<Decision> {

    private final CallPlan plan;
    private final CallMode mode;
    private final Drawn drawn;
    private final Desk desk;
    private final ToolCall call;
    private final CallerSession caller;
    private final CallKey key;
    private final DecisionReports reports;

    /**
     * What was drawn for this decision before it.
     *
     * @param salt
     *            16 random bytes for the log
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Drawn(ReservationId reservation, ApprovalId approval, byte[] salt) {}

    /** What decisions stand on besides rows. */
    record Desk(Tools tools, PoliciesInForce policies, CallBudgets budgets, GatewayLog log) {}

    DecideCall(CallPlan plan, CallMode mode, Drawn drawn, Desk desk) {
        this.plan = plan;
        this.mode = mode;
        this.drawn = drawn;
        this.desk = desk;
        this.call = plan.call().call();
        this.caller = plan.call().caller();
        this.key = new CallKey(caller.holder(), call.requestId());
        this.reports = new DecisionReports(plan, drawn.reservation(), desk.budgets());
    }

    @Override
    public void prefetch(RowReader rows) {
        desk.log().prefetch(rows);
        caller.prefetch(rows);
        GrantCheck.prefetch(rows, caller.holder(), plan.chain());
        rows.load(CallRows.CALLS, key);
        if (plan.approval() != null) {
            // A stale request asks for its approval too, but is rare; most requests were never put to people.
            ApprovalDesk.prefetch(rows, call.digest().text(), caller.holder());
        }
        Counters.prefetch(rows, plan.counterUses());
        GrantChain chain = plan.chain();
        BudgetSessionId session = chain == null || plan.price() == null ? null : plan.charged();
        if (session != null) {
            desk.budgets().prefetch(rows, session);
        }
    }

    @Override
    public Decision decide(Rows rows) {
        Decision known = session(rows);
        known = known != null ? known : repeated(rows);
        known = known != null ? known : stale(rows);
        if (known == null && !isCurrent(rows)) {
            return new Decision.PlanAgain();
        }
        Tool tool = plan.tool();
        if (known == null && tool == null) {
            known = refuse(rows, DecisionCode.UNKNOWN_TOOL, "there is no tool " + call.tool() + " for this agent");
        }
        GrantChain chain = plan.chain();
        if (known == null && chain == null) {
            known = refuse(rows, DecisionCode.NO_GRANT, "no grant of this agent covers the tool and the scope");
        }
        if (known != null || tool == null || chain == null) {
            return known != null ? known : new Decision.PlanAgain();
        }
        known = policies(rows, tool);
        return known != null ? known : people(rows, tool, chain);
    }

    // --- who ---------------------------------------------------------------------------------------------------------

    @Nullable
    Decision session(Rows rows) {
        CallerSession.Over over = caller.over(rows);
        if (over == CallerSession.Over.REVOKED) {
            return refuse(rows, DecisionCode.REVOKED, "the certificate, or the anchor above it, is no longer believed");
        }
        GrantId named = GrantId.fromText(call.grantId());
        Grant grant = named == null ? null : GrantCheck.named(rows, named, caller.identity());
        if (grant != null && GrantCheck.revocation(rows, grant) != null) {
            return refuse(rows, DecisionCode.REVOKED, "the grant was revoked", grant.id().text(), null);
        }
        if (over != null && over != CallerSession.Over.ENDED) {
            return refuse(rows, DecisionCode.EXPIRED, switch (over) {
                case IDLE -> "the session rested too long";
                case DISPLACED -> "a newer session took the place of this one";
                default -> "the session is over";
            });
        }
        if (grant != null && grant.isExpiredAt(rows.now())) {
            return refuse(rows, DecisionCode.EXPIRED, "the time of the grant is over", grant.id().text(), null);
        }
        return over == null ? null : refuse(rows, DecisionCode.SESSION_INVALID, "the session was ended");
    }

    @Nullable
    Decision repeated(Rows rows) {
        CallRow before = rows.get(CallRows.CALLS, key);
        if (before == null) {
            return null;
        }
        if (!before.digest().equals(call.digest().text())) {
            return refuse(rows, DecisionCode.REPLAY, "the request id was used for another request");
        }
        boolean over = before.settled() != null;
        GrantChain planned = plan.chain();
        // Of another grant than it was allowed by nothing is told.
        GrantChain chain = planned != null && planned.leaf().id().equals(before.grant()) ? planned : null;
        return new Decision.Known(before, over ? rows.get(CallRows.ANSWERS, key) : null,
                !over && before.mode() == CallMode.AUTHORIZE ? rows.get(CallRows.OPEN, before.reservation()) : null,
                chain == null ? List.of() : reports.limitsLeft(rows),
                chain == null ? null : reports.budgetLeft(rows, chain));
    }

    @Nullable
    Decision stale(Rows rows) {
        long away = Math.abs(rows.now().toEpochMilli() - call.issuedAtMillis());
        return away <= GatewayLimits.SKEW.toMillis() || ApprovalDesk.lives(rows, call.digest().text()) ? null
                : refuse(rows, DecisionCode.STALE, "the request is too old or from the future: sign anew");
    }

    /** Whether all that the plan was made of is still the newest. */
    boolean isCurrent(Rows rows) {
        if (!GrantCheck.isCurrent(rows, caller.holder(), plan.grantsVersion())
                || !isSame(desk.tools().find(call.tool()), plan.found())) {
            return false;
        }
        GrantChain chain = plan.chain();
        if (chain != null && (chain.isExpiredAt(rows.now()) || GrantCheck.revocation(rows, chain.leaf()) != null)) {
            return false;
        }
        for (InForce policy : plan.consulted()) {
            InForce newest = desk.policies().newest(policy.ref().id());
            if (newest == null || !newest.ref().equals(policy.ref())) {
                return false;
            }
        }
        return true;
    }

    /** A tool is the same until its definition changes; definitions are long, their digests are not. */
    private static boolean isSame(@Nullable Tool one, @Nullable Tool other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.definitionDigest().equals(other.definitionDigest()) && one.text().equals(other.text());
    }

    // --- what --------------------------------------------------------------------------------------------------------

    @Nullable
    Decision policies(Rows rows, Tool tool) {
        for (PlannedPolicy planned : plan.policies()) {
            Judgement.Denied denied = switch (planned.judgement()) {
                case Judgement.Denied no -> no;
                case Judgement.Passed passed -> passed.shadow() ? null : counted(rows, tool, planned, passed);
            };
            if (denied != null) {
                String rule = planned.policy() == null
                        ? planned.grant().id().text() + "#" + denied.pointer()
                        : planned.rule(denied.pointer());
                return refuse(rows, reports.of(DecisionCode.valueOf(denied.code().name()), denied.message(), rule,
                        planned.version(), denied.retryAt(), null, List.of(), null));
            }
        }
        return null;
    }

    /** What the counters say of the policy's conditions on them; the first that does not hold, or null. */
    private Judgement.@Nullable Denied counted(Rows rows, Tool tool, PlannedPolicy planned,
            Judgement.Passed passed) {
        InForce policy = planned.policy();
        if (passed.state().isEmpty() || policy == null) {
            return null;
        }
        CounterNames names = plan.counterNames(tool, policy, planned.grant());
        CounterView counters = charge -> Counters.value(rows, names.of(charge), rows.now());
        for (StateCondition condition : passed.state()) {
            if (!condition.holds(counters)) {
                return condition.denied(condition.holdsFrom(counters,
                        charge -> Counters.resetsAt(rows, names.of(charge), rows.now())));
            }
        }
        return null;
    }

    Decision people(Rows rows, Tool tool, GrantChain chain) {
        PlannedApproval planned = plan.approval();
        if (planned == null) {
            return reserve(rows, chain, null);
        }
        Approval.Request request = ApprovalRequests.of(plan, planned, tool, chain);
        Approval approval = ApprovalDesk.find(rows, request);
        Approval.State state = approval == null ? null : approval.stateAt(rows.now());
        if (approval != null && state == Approval.State.APPROVED) {
            return reserve(rows, chain, approval);
        }
        boolean over = state == Approval.State.DENIED || state == Approval.State.EXPIRED;
        if (approval == null || (!over && state != Approval.State.PENDING)) {
            approval = mode == CallMode.PREVIEW ? null
                    : ApprovalDesk.ask(rows, drawn.approval(), request, planned.asked().expiresAfter());
            state = Approval.State.PENDING;
        }
        boolean crowded = approval == null && mode != CallMode.PREVIEW;
        CallReport.Approval waits = new CallReport.Approval(approval == null ? null : approval.id(),
                crowded ? null : state, approval == null ? null : approval.expiresAt());
        String reason = crowded
                ? "a person must approve it, and this agent waits for " + ApprovalDesk.MAX_WAITING
                        + " approvals already"
                : planned.asked().reason();
        return refuse(rows,
                reports.of(DecisionCode.APPROVAL_REQUIRED, reason.isEmpty() ? "a person must approve it" : reason,
                        planned.rule(), plan.lastVersion(),
                        crowded ? ApprovalDesk.roomAt(rows, request.holder()) : null, waits, reports.limitsLeft(rows),
                        reports.budgetLeft(rows, chain)));
    }

    // --- how much ----------------------------------------------------------------------------------------------------

    private Decision reserve(Rows rows, GrantChain chain, @Nullable Approval approval) {
        List<CounterUse> uses = plan.counterUses();
        return switch (Counters.reserve(rows, uses, rows.now())) {
            case ReserveOutcome.Exceeded exceeded -> limited(rows, chain, exceeded.index(),
                    exceeded.use().counter().window().kind() == Window.Kind.INFLIGHT
                            // When another call ends nobody knows.
                            ? rows.now().plus(Gateway.ASK_AGAIN)
                            : exceeded.resetsAt());
            case ReserveOutcome.Uncountable not -> limited(rows, chain, not.index(), null);
            case ReserveOutcome.Reserved taken -> charge(rows, chain, approval, taken);
        };
    }

    private Decision limited(Rows rows, GrantChain chain, int index, @Nullable Instant retryAt) {
        PlannedUse use = plan.uses().get(index);
        return refuse(rows,
                reports.of(DecisionCode.LIMIT, "the limit " + use.limit().counter() + " is used up", use.rule(),
                        plan.lastVersion(), retryAt, null, reports.limitsLeft(rows), reports.budgetLeft(rows, chain)));
    }

    private Decision charge(Rows rows, GrantChain chain, @Nullable Approval approval, ReserveOutcome.Reserved taken) {
        Money price = plan.price();
        BudgetSessionId session = plan.charged();
        Money ceiling = call.spend();
        CallBudgets.Outcome outcome = null;
        if (price != null && ceiling != null && !covers(ceiling, price)) {
            outcome = new CallBudgets.Refused("the price is above what the request lets it cost", null);
        } else if (price != null && session != null) {
            outcome = desk.budgets()
                    .reserve(rows, session, chain.leaf().charges(), caller.identity(), price,
                            drawn.reservation(), mode != CallMode.PREVIEW);
        }
        if (outcome instanceof CallBudgets.Refused refused) {
            untake(rows, taken);
            return refuse(rows,
                    reports.of(DecisionCode.BUDGET, refused.problem(), plan.priceRule(), plan.lastVersion(), null,
                            null, reports.limitsLeft(rows),
                            refused.left() == null ? reports.budgetLeft(rows, chain) : refused.left()));
        }
        BudgetLeft left = outcome instanceof CallBudgets.Held held ? held.left() : null;
        return allow(rows, chain, approval, taken, left == null ? null : session, left);
    }

    private static boolean covers(Money ceiling, Money price) {
        return ceiling.currency().equals(price.currency()) && ceiling.amount().compareTo(price.amount()) >= 0;
    }

    private Decision allow(Rows rows, GrantChain chain, @Nullable Approval approval, ReserveOutcome.Reserved taken,
            @Nullable BudgetSessionId session, @Nullable BudgetLeft left) {
        CallReport.Approval used = approval == null ? null
                : new CallReport.Approval(approval.id(), Approval.State.USED, approval.expiresAt());
        CallReport report = reports.of(DecisionCode.ALLOWED, "", null, plan.lastVersion(), null, used,
                reports.limitsLeft(taken.remaining()), left);
        Money held = session == null ? null : plan.price();
        List<String> leftOfAll = new ArrayList<>(taken.remaining().size());
        for (Remaining remaining : taken.remaining()) {
            leftOfAll.add(remaining.left() == null ? "" : remaining.left().text());
        }
        JsonObject hidden = CallEntry.hidden(plan.uses(), leftOfAll);
        if (mode == CallMode.PREVIEW) {
            untake(rows, taken);
            LogEntry entry = append(rows, CallEntry.decided(plan, mode, report, null, held), hidden);
            return new Decision.Allowed(report.at(place(entry)), drawn.reservation(), null);
        }
        if (approval != null) {
            use(rows, approval);
        }
        LogEntry entry = append(rows, CallEntry.decided(plan, mode, report, drawn.reservation(), held), hidden);
        OpenCall open = new OpenCall(key, caller.identity().binding(), mode, taken.reservations(), plan.refunds(),
                session, held, chain.leaf().terms().settlesBelow(), entry.index(), rows.now(), call.spend());
        CallRow row = new CallRow(call.digest().text(), mode, drawn.reservation(), tool().text(), chain.leaf().id(),
                plan.lastVersion(), entry.index(), rows.now(), null);
        rows.put(CallRows.CALLS, key, row, row.expiresAt());
        rows.put(CallRows.OPEN, drawn.reservation(), open);
        if (mode == CallMode.AUTHORIZE) {
            rows.put(CallRows.DUE, new DuePlace<>(open.dueAt(), drawn.reservation()), "");
        }
        return new Decision.Allowed(report.at(place(entry)), drawn.reservation(), open);
    }

    /** An approval serves one call. */
    void use(Rows rows, Approval approval) {
        ApprovalDesk.use(rows, approval);
    }

    /** What was taken of the counters before the budget refused. */
    void untake(Rows rows, ReserveOutcome.Reserved taken) {
        Counters.refund(rows, taken.reservations());
    }

    private Tool tool() {
        Tool tool = plan.tool();
        if (tool == null) {
            throw new IllegalStateException("only a call of a tool is allowed");
        }
        return tool;
    }

    // --- what is said ------------------------------------------------------------------------------------------------

    private Decision refuse(Rows rows, DecisionCode code, String message) {
        return refuse(rows, code, message, null, null);
    }

    private Decision refuse(Rows rows, DecisionCode code, String message, @Nullable String rule,
            @Nullable String policy) {
        return refuse(rows, reports.of(code, message, rule, policy, null, null, List.of(), null));
    }

    private Decision refuse(Rows rows, CallReport report) {
        LogEntry entry = append(rows, CallEntry.decided(plan, mode, report, null, null), JsonObject.EMPTY);
        return new Decision.Refused(report.at(place(entry)));
    }

    private LogEntry append(Rows rows, JsonObject members, JsonObject hidden) {
        return desk.log().append(rows, CallEntry.DECIDED, members, hidden, drawn.salt());
    }

    private CallReport.Logged place(LogEntry entry) {
        return new CallReport.Logged(caller.partition(), entry.index(), null, List.of(entry));
    }

}
