package io.agentpassport.server.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run came to. */
final class Figures {

    private final Map<String, Integer> ends = new TreeMap<>();
    private final List<Long> restarts = new ArrayList<>();
    private final Map<Lot.Kind, Integer> allowed = new EnumMap<>(Lot.Kind.class);
    private int rounds;
    private long acknowledged;
    private long unanswered;
    private long calls;
    private long runs;
    private long entries;
    private int faults;

    void round() {
        rounds++;
    }

    /** A process ended in that way. */
    void end(String how) {
        ends.merge(how, 1, Integer::sum);
    }

    /** So long it took from the start of a process to its first answer. */
    void restart(long millis) {
        restarts.add(millis);
    }

    /** A history came to its end. */
    void history(World world, long verified) {
        for (Call call : world.history().allCalls()) {
            if (BooksCheck.wasAllowed(call)) {
                allowed.merge(call.lot().kind(), 1, Integer::sum);
            }
        }
        acknowledged += world.history().acknowledged();
        unanswered += world.history().unanswered();
        calls += world.history().allCalls().size();
        runs += world.runs().all().size();
        entries += verified;
    }

    void faults(int found) {
        faults += found;
    }

    int rounds() {
        return rounds;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** How many calls were allowed of those that are bounded in each way. */
    Map<Lot.Kind, Integer> allowed() {
        return allowed;
    }

    private long median() {
        return restarts.isEmpty() ? 0 : restarts.stream().sorted().toList().get(restarts.size() / 2);
    }

    /** Line by line, for people and for a report. */
    String text() {
        var text = new StringBuilder();
        text.append("rounds: ").append(rounds).append('\n');
        ends.forEach((how, count) -> text.append("ended ").append(how).append(": ").append(count).append('\n'));
        text.append("operations acknowledged: ").append(acknowledged).append('\n');
        text.append("operations without an answer: ").append(unanswered).append('\n');
        text.append("calls: ").append(calls).append(", of which ran: ").append(runs).append('\n');
        text.append("calls allowed: ").append(allowed).append('\n');
        text.append("log entries verified: ").append(entries).append('\n');
        text.append("restart, median: ").append(median()).append(" ms\n");
        text.append("faults found: ").append(faults).append('\n');
        return text.toString();
    }
}
