package io.agentpassport.server.crash;

import io.agentpassport.server.crash.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether calls ran once at most, only when they were allowed, and were answered alike each time; and how many ran. */
final class CallCheck {

    /** For how long an answer is kept. */
    private static final long KEPT_MILLIS = 600_000;
    /** What may be said to a call that was allowed before, when its grant or certificate was revoked since. */
    private static final Set<String> OVER = Set.of("REVOKED", "NO_GRANT", "EXPIRED", "SESSION_INVALID");

    private final Map<String, List<RunFile.Run>> runs = new HashMap<>();
    private final Predicate<Call> mayBeRevoked;
    private final List<Finding> findings = new ArrayList<>();

    private CallCheck(List<RunFile.Run> runs, Predicate<Call> mayBeRevoked) {
        this.mayBeRevoked = mayBeRevoked;
        for (RunFile.Run run : runs) {
            this.runs.computeIfAbsent(run.requestId(), unused -> new ArrayList<>()).add(run);
        }
    }

    /**
     * What is wrong with calls.
     *
     * @param calls
     *            all of those under their lots
     * @param runs
     *            what tools did
     * @param mayBeRevoked
     *            whether somebody tried to revoke what a call stands on
     */
    static List<Finding> of(List<Call> calls, List<RunFile.Run> runs, Predicate<Call> mayBeRevoked) {
        var check = new CallCheck(runs, mayBeRevoked);
        calls.forEach(check::call);
        check.counts(calls);
        return check.findings;
    }

    private void call(Call call) {
        List<RunFile.Run> ran = runs.getOrDefault(call.id(), List.of());
        if (ran.size() > 1) {
            found(Kind.RAN_TWICE, call, "ran " + ran.size() + " times");
        }
        Told.@Nullable Acknowledged<Answer> first = null;
        boolean open = false;
        List<Told<Answer>> told = new ArrayList<>(call.sent().told());
        told.sort(Comparator.comparingLong(Told::endedAt));
        for (Told<Answer> each : told) {
            switch (each) {
                case Told.Unanswered<Answer> none -> open = true;
                case Told.Refused<Answer> refused -> refused(call, refused);
                case Told.Acknowledged<Answer> answered -> {
                    if (answered.answer() instanceof Answer.Ran now) {
                        if (first == null) {
                            first = answered;
                        } else {
                            same(call, first, answered, now);
                        }
                    } else if (answered.answer() instanceof Answer.Denied denied) {
                        denied(call, first, ran, answered.sentAt(), denied);
                    }
                }
            }
        }
        if (first != null && ((Answer.Ran) first.answer()).hasResult() && ran.isEmpty()) {
            found(Kind.LOST, call, "was answered with a result, and never ran");
        }
        if (first == null && !open && !ran.isEmpty()) {
            found(Kind.RAN_UNALLOWED, call, "ran, and was only ever denied");
        }
    }

    private void refused(Call call, Told.Refused<Answer> refused) {
        if (refused.code().startsWith(Operation.UNPROVEN)) {
            found(Kind.LOG_BROKEN, call, "was answered what does not verify: " + refused.code());
        } else if (!refused.code().equals("REPLAY")) {
            found(Kind.LOST, call, "was refused with " + refused.code() + ", as if its session were not there");
        }
    }

    /** The same answer each time, but for a result that is kept no longer. */
    private void same(Call call, Told.Acknowledged<Answer> first, Told.Acknowledged<Answer> again, Answer.Ran now) {
        Answer.Ran before = (Answer.Ran) first.answer();
        boolean over = now.outcome().equals(Answer.Ran.DONE) && again.sentAt() - first.endedAt() > KEPT_MILLIS;
        if (!over && !now.outcome().equals(before.outcome())) {
            found(Kind.CHANGED, call, "was answered " + before.outcome() + ", and then " + now.outcome());
        } else if (!now.cost().equals(before.cost())) {
            found(Kind.CHANGED, call, "cost " + before.cost() + ", and then " + now.cost());
        }
    }

    private void denied(Call call, Told.@Nullable Acknowledged<Answer> first, List<RunFile.Run> ran, long sentAt,
            Answer.Denied denied) {
        if (OVER.contains(denied.code()) && mayBeRevoked.test(call)) {
            return;
        }
        if (first != null && sentAt > first.endedAt()) {
            found(Kind.LOST, call, "was allowed and answered, and is denied now as " + denied.code());
        } else if (first == null && ran.stream().anyMatch(run -> run.at() < sentAt)) {
            found(Kind.LOST, call, "ran, and is denied now as " + denied.code());
        }
    }

    /** How many ran in each window, under each grant, and out of each budget. */
    private void counts(List<Call> calls) {
        Map<String, Integer> counts = new HashMap<>();
        Map<String, Lot> lots = new HashMap<>();
        for (Call call : calls) {
            for (RunFile.Run run : runs.getOrDefault(call.id(), List.of())) {
                String place = place(call, run);
                if (place != null) {
                    counts.merge(place, 1, Integer::sum);
                    lots.put(place, call.lot());
                }
            }
        }
        counts.forEach((place, count) -> {
            Lot lot = lots.get(place);
            if (lot != null && count > lot.most()) {
                findings.add(new Finding(lot.kind() == Lot.Kind.BUDGET ? Kind.BUDGET_EXCEEDED : Kind.LIMIT_EXCEEDED,
                        count + " calls ran in " + place + ", where " + lot.most() + " are allowed"));
            }
        });
    }

    /** Where a run counts; null when it is not certain in which window it was decided. */
    private static @Nullable String place(Call call, RunFile.Run run) {
        long sent = call.sent().told().stream().mapToLong(Told::sentAt).min().orElse(0);
        return switch (call.lot().kind()) {
            case WINDOW -> Lot.window(sent) == Lot.window(run.at())
                    ? call.lot().id() + " in window " + Lot.window(sent)
                    : null;
            case TOTAL, BUDGET, APPROVAL -> call.lot().id();
            case UNBOUNDED -> null;
        };
    }

    private void found(Kind kind, Call call, String what) {
        findings.add(new Finding(kind, call.sent() + " " + what));
    }
}
