package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.policy.Judgement.Denied;
import io.agentpassport.server.policy.Judgement.Passed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A policy: all dialects as one model, compiled when it was parsed. Immutable, and judged from any thread. */
public final class PolicyDocument {

    /** Stands for a text that cannot be read: it admits nothing. */
    static final PolicyDocument UNREADABLE = new PolicyDocument(JsonObject.EMPTY, false, new HiddenTools(), Map.of(),
            null);

    private final JsonObject source;
    private final boolean shadow;
    private final HiddenTools hidden;
    private final Map<String, ToolRules> byName;
    /** The entries that name an upstream, by upstream and name. */
    private final Map<String, Map<String, ToolRules>> byUpstream = new HashMap<>();
    /** What is said of tools that have no entry; null when they are denied. */
    private final @Nullable ToolRules unlisted;
    private final Denied defaultDeny;

    /**
     * Made by the reader.
     *
     * @param tools
     *            by their names in the document
     */
    PolicyDocument(JsonObject source, boolean shadow, HiddenTools hidden, Map<String, ToolRules> tools,
            @Nullable ToolRules unlisted) {
        this.source = source;
        this.shadow = shadow;
        this.hidden = hidden;
        this.byName = tools;
        this.unlisted = unlisted;
        this.defaultDeny = new Denied(PolicyCode.DEFAULT_DENY, source.has("default") ? "/default" : "",
                "The policy admits no such tool.");
        tools.forEach((name, rules) -> {
            int slash = name.indexOf('/');
            if (slash > 0) {
                byUpstream.computeIfAbsent(name.substring(0, slash), upstream -> new HashMap<>())
                        .put(name.substring(slash + 1), rules);
            }
        });
    }

    /** The document as it was written, as JSON. */
    public JsonObject source() {
        return source;
    }

    /** Whether nobody under this policy may see the tool: it is then as unknown as one that does not exist. */
    public boolean hides(String upstream, String tool) {
        return hidden.place(upstream, tool) >= 0;
    }

    /** Where a tool is hidden, such as {@code /hide/0}. Of a hidden one only. */
    String hiddenBy(String upstream, String tool) {
        return "/hide/" + hidden.place(upstream, tool);
    }

    /** Whether this policy alone could let some call of the tool through; what ListTools shows. */
    public boolean admits(String upstream, String tool) {
        if (hides(upstream, tool)) {
            return false;
        }
        ToolRules rules = rules(upstream, tool);
        return shadow || (rules != null && !rules.deniesAlways());
    }

    /** Whether it only watches ({@code mode: shadow}). */
    public boolean shadow() {
        return shadow;
    }

    /** What is valid, and may not say what was meant. */
    public List<Problem> warnings() {
        var warnings = new ArrayList<Problem>();
        if (!source.has("default")) {
            warnings.add(new Problem("", "says no default, so tools that it does not name are denied"));
        }
        Stream.concat(byName.values().stream(), Stream.ofNullable(unlisted))
                .flatMap(rules -> rules.limits().stream())
                .filter(limit -> limit.scope() == LimitScope.SESSION && limit.pointer().endsWith("/rate_limit"))
                .map(limit -> new Problem(limit.pointer(), "is counted per session, and an agent may begin another; "
                        + "limits beside it may be of a grant or an agent"))
                .distinct()
                .sorted(Comparator.comparing(Problem::pointer))
                .forEach(warnings::add);
        return warnings;
    }

    /** How many tests it carries, all of which passed when it was parsed. */
    public int testsRun() {
        return source.get("tests") instanceof JsonArray tests ? tests.values().size() : 0;
    }

    /** The tools that have an entry, by the names they have there. */
    public Set<String> tools() {
        return byName.keySet();
    }

    /** The names of the counters that its limits count on, and its conditions ask about; in order. */
    public SortedSet<String> counters() {
        var names = new TreeSet<String>();
        Stream.concat(byName.values().stream(), Stream.ofNullable(unlisted)).forEach(rules -> {
            rules.limits().forEach(limit -> names.add(limit.counter()));
            rules.states().forEach(state -> state.parts().forEach(part -> names.add(part.counter().counter())));
        });
        return names;
    }

    /** Judges a call on itself alone: no counter is read, and nothing is changed. Takes about a microsecond. */
    public Judgement judge(CallFacts facts) {
        Judgement judgement = judgeInForce(facts);
        return shadow && !hides(facts.upstream(), facts.tool())
                ? watched(rules(facts.upstream(), facts.tool()), judgement, facts)
                : judgement;
    }

    /** Judges as if the document did not only watch. */
    Judgement judgeInForce(CallFacts facts) {
        if (hides(facts.upstream(), facts.tool())) {
            return new Denied(PolicyCode.DEFAULT_DENY, hiddenBy(facts.upstream(), facts.tool()), defaultDeny.message());
        }
        ToolRules rules = rules(facts.upstream(), facts.tool());
        return rules == null ? defaultDeny : rules.judge(facts);
    }

    /**
     * What a document that only watches lets through. The price stays, for a budget is not the document's: a call that has
     * one which cannot be told is denied.
     */
    private static Judgement watched(@Nullable ToolRules rules, Judgement judgement, CallFacts facts) {
        return switch (judgement) {
            case Passed passed -> new Passed(passed.approval(), passed.limits(), passed.state(), passed.price(),
                    passed.response().withoutVerdicts(), passed.timeout(), true, null);
            case Denied denied -> {
                PriceRule price = rules == null ? null : rules.price();
                PriceQuote quote = price == null ? null : price.quote(facts);
                if (price != null && quote == null) {
                    yield price.denied();
                }
                yield new Passed(null, List.of(), List.of(), quote,
                        rules == null ? ResponseRules.NONE : rules.response().withoutVerdicts(),
                        rules == null ? null : rules.timeout(), true, denied);
            }
        };
    }

    /** What is said of a tool: its entry with the upstream, else by its name alone, else what is said of all others. */
    @Nullable
    ToolRules rules(String upstream, String tool) {
        if (!byUpstream.isEmpty()) {
            Map<String, ToolRules> ofUpstream = byUpstream.get(upstream);
            ToolRules rules = ofUpstream == null ? null : ofUpstream.get(tool);
            if (rules != null) {
                return rules;
            }
        }
        ToolRules rules = byName.get(tool);
        return rules != null ? rules : unlisted;
    }

    /** The rules of an entry by its name, or null when there is none. */
    @Nullable
    ToolRules rulesOf(String name) {
        return byName.get(name);
    }

    Denied defaultDeny() {
        return defaultDeny;
    }
}
