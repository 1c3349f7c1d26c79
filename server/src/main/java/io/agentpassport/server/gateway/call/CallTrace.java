package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.call.CallExplainer.Explained;
import io.agentpassport.server.gateway.call.CallExplainer.Judge;
import io.agentpassport.server.gateway.call.CallExplainer.Question;
import io.agentpassport.server.gateway.call.CallExplainer.Step;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.gateway.call.CallReport.LimitLeft;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantStatus;
import io.agentpassport.server.gateway.grant.GrantsOf;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.gateway.limit.Remaining;
import io.agentpassport.server.gateway.limit.Subjects;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.policy.ApprovalRule;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.CounterView;
import io.agentpassport.server.policy.Explanation;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitList;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.PolicySnapshot;
import io.agentpassport.server.policy.PolicyVersion;
import io.agentpassport.server.policy.PriceQuote;
import io.agentpassport.server.policy.ProofKind;
import io.agentpassport.server.policy.TraceStep;
import io.agentpassport.server.policy.TraceStep.Result;
import io.agentpassport.server.policy.Verdict;
import io.agentpassport.server.upstream.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one call would be judged, in the making. Used once. */
final class CallTrace {

    /** What is asked of tools, policies and revocations, and who answers for an identity. */
    record Snapshots(Tools tools, Supplier<PolicySnapshot> policies, Predicate<GrantId> revoked,
            Function<Identity, String> principals) {}

    /** When policies are asked, among the {@link #phase phases} of a decision. */
    private static final int POLICIES = 1;

    private final Snapshots on;
    private final Question question;
    private final Instant now;
    private final Partition partition;
    private final List<Step> steps = new ArrayList<>();
    private final List<LimitLeft> limits = new ArrayList<>();
    private @Nullable Tool tool;
    private @Nullable GrantChain chain;
    private @Nullable Money price;
    private @Nullable PlannedApproval approval;
    /** What a call would be counted in, each counter of a rule once. */
    private final Set<List<Object>> counted = new HashSet<>();
    /** The denial that a call would get; of several the one that is asked first. */
    private @Nullable Step decided;
    private @Nullable PolicyRef last;

    CallTrace(Snapshots on, Question question, Partition partition, Instant now) {
        this.on = on;
        this.question = question;
        this.partition = partition;
        this.now = now;
    }

    /** What is asked before any policy. */
    void around(@Nullable GrantStatus named, GrantsOf held) {
        if (named != null && named.state() == GrantStatus.State.REVOKED) {
            deny(DecisionCode.REVOKED, "the grant was revoked");
            return;
        }
        if (named != null && named.grant().isExpiredAt(question.at())) {
            deny(DecisionCode.EXPIRED, "the time of the grant is over");
            return;
        }
        Tool found = on.tools().find(question.tool());
        if (found == null) {
            deny(DecisionCode.UNKNOWN_TOOL,
                    "there is no tool " + question.tool() + ", or it may not be called at the moment");
            return;
        }
        tool = found;
        pass(DecisionCode.UNKNOWN_TOOL, "the tool is " + found.text());
        GrantId id = question.grant();
        GrantChain chosen = id == null
                ? held.choose(found.upstream(), found.name(), question.scope(), question.at(), on.revoked())
                : held.named(id);
        if (chosen == null || !chosen.covers(found.upstream(), found.name(), question.scope())) {
            deny(DecisionCode.NO_GRANT, "no grant of this agent covers the tool and the scope");
            return;
        }
        pass(DecisionCode.NO_GRANT, chosen.leaf().id() + " covers the tool and the scope");
        chain = chosen;
    }

    /** The policies of the chain, and the limits of its grants. */
    void inside(GrantChain asked) {
        Judge instead = question.judge();
        for (Grant grant : asked.fromRoot()) {
            String id = grant.terms().policy();
            if (instead == null && id != null) {
                PolicyVersion version = on.policies().get().newest(id);
                if (version == null) {
                    take(new Step(grant.id() + "#", Result.DENIED, DecisionCode.DEFAULT_DENY,
                            "there is no policy " + id));
                } else {
                    judge(grant, new Judge(version.ref(), version.document()));
                }
            }
            if (instead != null && grant.equals(asked.leaf())) {
                judge(grant, instead);
            }
            ownLimits(grant);
        }
        if (counted.size() > Counters.MAX_USES) {
            take(denied(asked.leaf().id() + "#" + PlannedUses.TOO_MANY.pointer(), PlannedUses.TOO_MANY));
        }
    }

    private void judge(Grant grant, Judge by) {
        CallFacts facts = facts(grant);
        PolicyRef ref = by.ref();
        CounterView counters = charge -> ref == null ? Decimal.ZERO
                : Counters.used(partition, counter(charge, ref.id(), grant), now);
        boolean reached = decided == null || phase(decided.code()) > POLICIES;
        Explanation explanation = Explanation.of(by.document(), facts, counters);
        for (TraceStep step : explanation.steps()) {
            take(new Step(by.rule(step.pointer()), reached ? step.result() : Result.NOT_REACHED,
                    DecisionCode.valueOf(step.code()), reached ? step.message() : ""));
        }
        if (!reached) {
            return;
        }
        last = ref == null ? last : ref;
        words(by, explanation.verdict());
        Judgement judgement = by.document().judge(facts);
        if (by.document().shadow() && judgement instanceof Judgement.Denied denied
                && denied.code() == PolicyCode.REQUIRE_FAILED) {
            // All that a document which only watches denies for itself: a price that cannot be told.
            take(denied(by.rule(denied.pointer()), denied));
        }
        if (judgement instanceof Judgement.Passed passed) {
            ApprovalRule people = passed.shadow() ? null : passed.approval();
            if (people != null) {
                approval = approval == null ? new PlannedApproval(people, by.rule(people.pointer()))
                        : approval.and(people);
                if (approval == null) {
                    take(denied(by.rule(people.pointer()), PlannedApproval.nobody(people)));
                }
            }
            PriceQuote quote = passed.price();
            Money above = price;
            if (quote != null && above != null && !above.currency().equals(quote.reserve().currency())) {
                take(new Step(by.rule(quote.pointer()), Result.DENIED, DecisionCode.REQUIRE_FAILED,
                        "the price is in " + quote.reserve().currency() + ", that of a policy above in "
                                + above.currency()));
            } else if (quote != null && (price == null || price.amount().compareTo(quote.reserve().amount()) < 0)) {
                price = quote.reserve();
            }
            if (ref != null && !passed.shadow()) {
                passed.limits()
                        .forEach(charge -> left(charge, counter(charge, ref.id(), grant),
                                by.rule(charge.rule().pointer())));
            }
        }
    }

    /** A denial reads in the policy's own words, which a step does not have. */
    private void words(Judge by, Verdict verdict) {
        Step denied = decided;
        if (denied != null && denied.rule().equals(by.rule(verdict.pointer())) && !verdict.message().isEmpty()) {
            decided = new Step(denied.rule(), denied.result(), denied.code(), verdict.message());
        }
    }

    private void ownLimits(Grant grant) {
        if (!(LimitList.read(grant.terms().limits()) instanceof LimitList.Read read)) {
            return;
        }
        CallFacts facts = facts(grant);
        String owner = grant.id().text();
        for (LimitRule limit : read.limits()) {
            String rule = owner + "#" + limit.pointer();
            switch (limit.charge(facts)) {
                case LimitRule.Uncountable not ->
                    take(new Step(rule, Result.DENIED, DecisionCode.REQUIRE_FAILED, not.message()));
                case LimitCharge charge -> {
                    Remaining remaining = left(charge, counter(charge, owner, grant), rule);
                    Decimal left = remaining.left();
                    boolean fits = left == null || left.compareTo(charge.cost()) >= 0;
                    take(new Step(rule, fits ? Result.PASSED : Result.DENIED, DecisionCode.LIMIT,
                            limit.counter() + " has " + left + " left, the call takes " + charge.cost()));
                }
            }
        }
    }

    /** What is left of a limit, told with this call counted. */
    private Remaining left(LimitCharge charge, CounterId counter, String rule) {
        LimitRule limit = charge.rule();
        Decimal max = limit.max();
        counted.add(List.of(counter, rule));
        Remaining remaining = Counters.remaining(partition, new CounterUse(counter, max, charge.cost()), now);
        Decimal left = remaining.left();
        if (max != null && left != null) {
            Decimal after = left.minus(charge.cost());
            limits.add(new LimitLeft(rule, limit.counter(), limit.window().text(), limit.scope().text(), max.text(),
                    (after == null || after.sign() < 0 ? Decimal.ZERO : after).text(), remaining.resetsAt()));
        }
        return remaining;
    }

    /** As {@link CounterNames} has it, but for the session, of which there is none. */
    private CounterId counter(LimitCharge charge, String owner, Grant grant) {
        Tool of = tool;
        var subjects = new Subjects(grant.id().text(), grant.subject().hashText(),
                on.principals().apply(grant.subject()),
                "", of == null ? "" : of.upstream(), of == null ? "" : of.name());
        return CounterId.of(charge, owner, subjects.of(charge.rule().scope()));
    }

    private CallFacts facts(Grant grant) {
        Tool of = tool;
        return new CallFacts(of == null ? "" : of.upstream(), of == null ? "" : of.name(), question.params(),
                question.facts(), grant.facts(), JsonObject.EMPTY, ProofKind.SIGNATURE,
                question.at());
    }

    private static Step denied(String rule, Judgement.Denied denied) {
        return new Step(rule, Result.DENIED, DecisionCode.valueOf(denied.code().name()), denied.message());
    }

    private void deny(DecisionCode code, String message) {
        take(new Step(code.name(), Result.DENIED, code, message));
    }

    private void pass(DecisionCode code, String message) {
        take(new Step(code.name(), Result.PASSED, code, message));
    }

    private void take(Step step) {
        steps.add(step);
        Step before = decided;
        if (step.result() == Result.DENIED && (before == null || phase(step.code()) < phase(before.code()))) {
            decided = step;
        }
    }

    /** The chain to ask policies of; null when something before them denied. */
    @Nullable
    GrantChain chain() {
        return chain;
    }

    /** What a budget is to be asked for; null for nothing. */
    @Nullable
    Money asksOfBudget() {
        return decided == null ? price : null;
    }

    /** The answer, given what the budget said; null when it was not asked. */
    Explained explained(CallBudgets.@Nullable Outcome budget) {
        Money asked = price;
        BudgetLeft left = switch (budget) {
            case CallBudgets.Held held -> held.left();
            case CallBudgets.Refused refused -> refused.left();
            case null -> null;
        };
        if (budget != null && asked != null) {
            List<String> words = new ArrayList<>();
            if (budget instanceof CallBudgets.Refused refused) {
                words.add(refused.problem());
            }
            if (left != null) {
                words.add(left.session() + " has " + left.remaining() + " left, the call costs " + asked);
            }
            take(new Step(DecisionCode.BUDGET.name(),
                    budget instanceof CallBudgets.Held ? Result.PASSED : Result.DENIED, DecisionCode.BUDGET,
                    String.join(": ", words)));
        }
        Step denied = decided;
        GrantChain by = chain;
        PolicyRef version = last;
        String rule = denied != null && denied.rule().contains("#") ? denied.rule() : null;
        return new Explained(new CallReport(denied == null ? DecisionCode.ALLOWED : denied.code(),
                rule, version == null ? null : version.text(),
                by == null ? null : by.leaf().id(), denied == null ? "" : denied.message(), null, null, limits,
                left, null), steps);
    }

    /** What is asked earlier has the lower number; policies are asked together. */
    private static int phase(DecisionCode code) {
        return switch (code) {
            case REVOKED, EXPIRED, UNKNOWN_TOOL, NO_GRANT -> 0;
            case DEFAULT_DENY, REQUIRE_FAILED, DENY_IF, SCHEDULE, SCHEMA -> POLICIES;
            case APPROVAL_REQUIRED -> POLICIES + 1;
            case LIMIT -> POLICIES + 2;
            default -> POLICIES + 3;
        };
    }
}
