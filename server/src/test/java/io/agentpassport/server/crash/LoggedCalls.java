package io.agentpassport.server.crash;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.server.crash.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a log tells of calls: each allowed once, settled once, within its limits, and no other ran. */
final class LoggedCalls {

    /**
     * A decision.
     *
     * @param at
     *            when, in milliseconds
     */
    private record Allowed(long index, long at) {}

    private final Map<String, Allowed> allowed = new HashMap<>();
    private final Set<String> approvals = new HashSet<>();
    private final Set<Long> settled = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();

    /** The next entry. */
    void take(LogEntry entry) {
        JsonObject json = entry.json();
        JsonObject call = json.object("call");
        if (entry.kind().equals("call_decided") && "ALLOWED".equals(json.string("code"))
                && "run".equals(json.string("mode")) && call != null) {
            String id = String.valueOf(call.string("request_id"));
            if (allowed.put(id, new Allowed(entry.index(), entry.timeMillis())) != null) {
                findings.add(new Finding(Kind.RAN_TWICE, id + " was allowed twice, by the log"));
            }
            String approval = json.string("approval_id");
            if (approval != null && !approvals.add(approval)) {
                findings.add(new Finding(Kind.APPROVAL_USED_TWICE, approval + " was used twice, by the log"));
            }
        } else if (entry.kind().equals("call_settled") && !settled.add(entry.settles())) {
            findings.add(new Finding(Kind.RAN_TWICE, "entry " + entry.settles() + " was settled twice"));
        }
    }

    /** What does not agree, of a log that was read to its end. */
    List<Finding> findings(World world) {
        List<Finding> all = new ArrayList<>(findings);
        allowed.forEach((id, decision) -> {
            if (!settled.contains(decision.index)) {
                all.add(new Finding(Kind.LOST, id + " was allowed, and never settled"));
            }
        });
        Map<String, Integer> counts = new HashMap<>();
        Map<String, Lot> lots = new HashMap<>();
        for (Call call : world.history().allCalls()) {
            Allowed decision = allowed.get(call.id());
            boolean ran = call.sent()
                    .told()
                    .stream()
                    .anyMatch(told -> told instanceof Told.Acknowledged<Answer> answered
                            && answered.answer() instanceof Answer.Ran);
            if (ran && decision == null) {
                all.add(new Finding(Kind.LOST, call.sent() + " has no entry"));
            }
            if (decision != null && call.lot().kind() != Lot.Kind.UNBOUNDED) {
                String place = call.lot().id()
                        + (call.lot().kind() == Lot.Kind.WINDOW ? " in window " + Lot.window(decision.at) : "");
                counts.merge(place, 1, Integer::sum);
                lots.put(place, call.lot());
            }
        }
        counts.forEach((place, count) -> {
            Lot lot = lots.get(place);
            if (lot != null && count > lot.most()) {
                all.add(new Finding(lot.kind() == Lot.Kind.BUDGET ? Kind.BUDGET_EXCEEDED : Kind.LIMIT_EXCEEDED,
                        count + " calls were allowed in " + place + ", not " + lot.most() + ", by the log"));
            }
        });
        for (RunFile.Run run : world.runs().all()) {
            if (!allowed.containsKey(run.requestId())) {
                all.add(new Finding(Kind.RAN_UNALLOWED, run.requestId() + " ran, and was never allowed, by the log"));
            }
        }
        return all;
    }
}
