package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.toolcall.ToolName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the model of a document, and finds all that is wrong with it. */
final class DocumentReader {

    private static final Set<String> KEYS = Set.of("version", "description", "default", "mode", "hide", "all_tools",
            "tools", "tests");
    private static final String ALL = "*";

    private final JsonObject source;
    private final Problems problems;
    private final Members document;
    /** By name; null when limits of one name count differently, so that the name alone says nothing. */
    private final Map<String, @Nullable LimitRule> counters = new HashMap<>();

    DocumentReader(JsonObject source, Problems problems) {
        this.source = source;
        this.problems = problems;
        this.document = new Members(source, "", problems);
    }

    /** The document; of use only when no problems were found. */
    PolicyDocument read() {
        document.only(KEYS);
        document.message("description");
        if (!(document.get("version") instanceof JsonString version) || !version.value().equals("1")) {
            document.wrong("version", "must be \"1\", in quotes");
        }
        boolean allows = choice("default", "deny", "allow");
        boolean shadow = choice("mode", "enforce", "shadow");
        HiddenTools hidden = HiddenTools.read(document);
        List<Entry> general = new ArrayList<>();
        var reader = new EntryReader(problems);
        if (document.has("all_tools")) {
            Members all = Members.of(document.get("all_tools"), "/all_tools", problems);
            if (all != null) {
                general.add(reader.read(all, ALL));
            }
        }
        Map<String, Entry> own = entries(reader, hidden);
        Entry star = own.remove(ALL);
        if (star != null) {
            general.add(star);
        }
        general.stream().filter(Entry::deniesAlways).findFirst().ifPresent(entry -> {
            if (!own.isEmpty()) {
                problems.add(entry.pointer(), "denies every tool, so no entry of a tool is ever asked");
            }
        });
        general.forEach(this::declare);
        own.values().forEach(this::declare);
        Map<String, ToolRules> tools = new LinkedHashMap<>();
        own.forEach((name, entry) -> tools.put(name, rules(general, entry)));
        return new PolicyDocument(source, shadow, hidden, tools, allows ? rules(general, null) : null);
    }

    private Map<String, Entry> entries(EntryReader reader, HiddenTools hidden) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (!document.has("tools")) {
            return entries;
        }
        Members tools = Members.of(document.get("tools"), "/tools", problems);
        if (tools == null) {
            return entries;
        }
        if (tools.object.size() > PolicyLimits.TOOLS) {
            problems.add("/tools", "names more than " + PolicyLimits.TOOLS + " tools");
            return entries;
        }
        for (int i = 0; i < tools.object.size(); i++) {
            String name = tools.object.name(i);
            String at = tools.at(name);
            if (!name.equals(ALL) && ToolName.fromText(name) == null) {
                problems.add(at, "is no tool: NAME, UPSTREAM/NAME, or * for all");
            } else if (hidden.hidesEntry(name)) {
                problems.add(at, "is never asked: the tool is hidden");
            }
            Members entry = Members.of(tools.object.value(i), at, problems);
            if (entry != null) {
                entries.put(name, reader.read(entry, name));
            }
        }
        return entries;
    }

    /** Whether the second of two words stands there; the first is meant when nothing does. */
    private boolean choice(String name, String usual, String other) {
        String text = document.has(name) ? String.valueOf(source.string(name)) : usual;
        if (!text.equals(usual) && !text.equals(other)) {
            document.wrong(name, "must be " + usual + " or " + other);
        }
        return text.equals(other);
    }

    private void declare(Entry entry) {
        for (LimitRule limit : entry.limits()) {
            if (!counters.containsKey(limit.counter())) {
                counters.put(limit.counter(), limit);
            } else {
                LimitRule known = counters.get(limit.counter());
                if (known != null && !known.countsTogetherWith(limit)) {
                    counters.put(limit.counter(), null);
                }
            }
        }
    }

    private ToolRules rules(List<Entry> general, @Nullable Entry own) {
        List<Entry> entries = new ArrayList<>(general);
        if (own != null) {
            entries.add(own);
        }
        List<LimitRule> limits = new ArrayList<>();
        for (Entry entry : entries) {
            for (LimitRule limit : entry.limits()) {
                for (LimitRule other : limits) {
                    if (other.countsTogetherWith(limit)) {
                        problems.add(limit.pointer(), "counts a call twice: " + other.pointer()
                                + " counts it on the same counter");
                    }
                }
                limits.add(limit);
            }
        }
        List<StateRule> states = new ArrayList<>();
        for (Entry entry : entries) {
            for (Rule rule : entry.rules()) {
                if (!rule.counters().isEmpty()) {
                    states.add(new StateRule(rule, parts(rule)));
                }
            }
        }
        return new ToolRules(entries, states);
    }

    private List<StateRule.Part> parts(Rule rule) {
        List<StateRule.Part> parts = new ArrayList<>();
        for (Condition.OfCounter condition : rule.counters()) {
            LimitRule counter = counters.get(condition.counter());
            if (counter == null) {
                problems.add(condition.pointer() + "/path", counters.containsKey(condition.counter())
                        ? condition.counter() + " is counted in several ways here; give each its own name"
                        : "nothing in this document counts " + condition.counter());
            } else {
                parts.add(new StateRule.Part(counter, condition.test()));
            }
        }
        return parts;
    }
}
