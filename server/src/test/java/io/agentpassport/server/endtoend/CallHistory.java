package io.agentpassport.server.endtoend;

import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What callers were answered, and whether a log and a list of runs agree with it. Safe for any number of threads. */
final class CallHistory {

    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(1 << 20, 64, 100_000, true, false));

    private final ConcurrentMap<Long, JsonObject> answered = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> outcomes = new ConcurrentHashMap<>();
    private final Collection<String> broken = ConcurrentHashMap.newKeySet();

    /** How many entries of the log were shown to callers. */
    int size() {
        return answered.size();
    }

    /** Takes an answer, whose receipt was verified. */
    void answered(String requestId, ToolCallAnswer answer) {
        Receipt receipt = answer.receipt();
        if (receipt != null) {
            receipt.entries().forEach(evidence -> shown(evidence.entry()));
        }
        if (answer instanceof ToolCallAnswer.Ran ran) {
            String outcome = ran instanceof ToolCallAnswer.Completed done ? "result " + done.result()
                    : ((ToolCallAnswer.WithoutResult) ran).why().name();
            String before = outcomes.putIfAbsent(requestId, outcome);
            if (before != null && !before.equals(outcome)) {
                broken.add(requestId + " was answered " + before + ", and then " + outcome);
            }
        }
    }

    private void shown(JsonObject entry) {
        Double index = entry.number("index");
        if (index == null) {
            broken.add("an entry has no index: " + entry);
            return;
        }
        JsonObject before = answered.putIfAbsent(index.longValue(), entry);
        if (before != null && !before.equals(entry)) {
            broken.add("two entries were shown as number " + index.longValue());
        }
    }

    /**
     * What does not hold, in words.
     *
     * @param export
     *            the lines of an export, without the first
     * @param runs
     *            the request ids of what was run
     * @param most
     *            how many calls each agent was allowed in all
     */
    List<String> faults(List<String> export, List<String> runs, int most) {
        List<String> faults = new ArrayList<>(broken);
        List<JsonObject> log = export.stream().map(CallHistory::entry).toList();
        answered.forEach((index, entry) -> {
            if (index >= log.size() || !text(log.get(index.intValue())).equals(text(entry))) {
                faults.add("was answered, and is not in the log: " + entry);
            }
        });
        Map<String, Long> allowed = new HashMap<>();
        Map<String, Integer> ofAgent = new HashMap<>();
        Set<String> approvals = new HashSet<>();
        Set<Long> settled = new HashSet<>();
        for (JsonObject entry : log) {
            if ("call_decided".equals(entry.string("kind")) && "ALLOWED".equals(entry.string("code"))
                    && "run".equals(entry.string("mode"))) {
                JsonObject call = entry.object("call");
                String id = call == null ? "" : String.valueOf(call.string("request_id"));
                if (allowed.put(id, index(entry)) != null) {
                    faults.add(id + " was allowed twice");
                }
                String approval = entry.string("approval_id");
                if (approval != null && !approvals.add(approval)) {
                    faults.add(approval + " was used twice");
                }
                ofAgent.merge(String.valueOf(entry.string("agent_id")), 1, Integer::sum);
            } else if ("call_settled".equals(entry.string("kind"))
                    && !settled.add(Math.round(entry.number("settles") == null ? -1 : entry.number("settles")))) {
                faults.add("settled twice: " + entry);
            }
        }
        allowed.forEach((id, index) -> {
            if (!settled.contains(index)) {
                faults.add(id + " was never settled");
            }
        });
        ofAgent.forEach((agent, count) -> {
            if (count > most) {
                faults.add(agent + " was allowed " + count + " calls, not " + most);
            }
        });
        Set<String> ran = new HashSet<>();
        for (String id : runs) {
            if (!ran.add(id)) {
                faults.add(id + " ran twice");
            }
            if (!allowed.containsKey(id)) {
                faults.add(id + " ran, and was never allowed");
            }
        }
        return faults;
    }

    private static JsonObject entry(String line) {
        JsonObject entry = PARSER.parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed
                ? parsed.object().object("entry")
                : null;
        if (entry == null) {
            throw new AssertionError("no entry: " + line);
        }
        return entry;
    }

    private static long index(JsonObject entry) {
        Double index = entry.number("index");
        return index == null ? -1 : index.longValue();
    }

    private static String text(JsonObject json) {
        return new String(Jcs.bytes(json), StandardCharsets.UTF_8);
    }
}
