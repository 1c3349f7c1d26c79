package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a document says of one tool, in whichever dialect that entry is written. */
final class EntryReader {

    private static final Set<String> EVERY = Set.of("price", "args_schema", "response", "schedule", "require_approval",
            "timeout", "description");
    private static final Set<String> A = Set.of("require", "deny_if", "limits");
    private static final Set<String> B = Set.of("rules");
    private static final Set<String> C = Set.of("action", "reason", "rate_limit");
    private static final Set<String> KNOWN = union(union(EVERY, A), union(B, C));
    private static final Set<String> RULE_KEYS = Set.of("name", "action", "conditions", "on_deny", "rate_limit",
            "state");

    private final Problems problems;
    private final ConditionReader conditions;
    private final RuleReader rules;
    private final LimitReader limits;
    private final TermsReader terms;

    EntryReader(Problems problems) {
        this.problems = problems;
        this.conditions = new ConditionReader(problems);
        this.rules = new RuleReader(problems, conditions);
        this.limits = new LimitReader(problems);
        this.terms = new TermsReader(problems, conditions);
    }

    /**
     * Reads one.
     *
     * @param tool
     *            its name, {@code *} for all
     */
    Entry read(Members entry, String tool) {
        entry.only(KNOWN);
        entry.message("description");
        List<Rule> entryRules = new ArrayList<>();
        List<LimitRule> entryLimits = new ArrayList<>();
        ApprovalTerms approval = terms.approval(entry);
        if (entry.has("rules")) {
            refuse(entry, union(A, C), "belongs to another dialect than rules: write it as a rule, or all of the entry "
                    + "without rules");
            ordered(entry, tool, entryRules, entryLimits);
        } else if (C.stream().anyMatch(entry::has)) {
            refuse(entry, Set.of("require", "deny_if"),
                    "belongs to another dialect than action, reason and rate_limit; "
                            + "only limits may stand beside them");
            approval = shortForm(entry, tool, entryRules, entryLimits, approval);
            entryLimits.addAll(limits.list(entry));
        } else {
            entryRules.addAll(rules.requirements(entry));
            entryRules.addAll(rules.denials(entry, "deny_if", ConditionReader.OF_CALL));
            entryLimits.addAll(limits.list(entry));
        }
        long timeout = entry.seconds("timeout", PolicyLimits.TIMEOUT_SECONDS);
        JsonValue schema = entry.get("args_schema");
        Entry read = new Entry(entry.pointer, entryRules, entryLimits, terms.schedule(entry),
                schema == null ? null : ArgsSchema.compile(schema, entry.at("args_schema"), problems), approval,
                terms.price(entry), terms.response(entry, rules), timeout < 0 ? null : Duration.ofSeconds(timeout));
        if (read.deniesAlways()) {
            for (String name : List.of("limits", "rate_limit", "price", "args_schema", "response", "schedule",
                    "require_approval", "timeout")) {
                if (entry.has(name)) {
                    entry.wrong(name, "is never asked: the entry denies every call");
                }
            }
        }
        return read;
    }

    /** Dialect c. */
    private @Nullable ApprovalTerms shortForm(Members entry, String tool, List<Rule> entryRules,
            List<LimitRule> entryLimits, @Nullable ApprovalTerms approval) {
        String action = entry.has("action") ? String.valueOf(entry.object.string("action")) : "allow";
        String reason = entry.text("reason",
                action.equals("require_approval") ? PolicyLimits.REASON_CHARACTERS : PolicyLimits.MESSAGE_CHARACTERS);
        if (entry.has("rate_limit")) {
            LimitRule rate = limits.shortRate(entry, tool);
            if (rate != null) {
                entryLimits.add(rate);
            }
        }
        switch (action) {
            case "allow" -> {
                // What it counts and asks for is all there is.
            }
            case "deny" -> entryRules.add(new Rule(entry.at("action"), false, List.of(), List.of(), reason));
            case "require_approval" -> {
                if (approval != null) {
                    entry.wrong("require_approval", "says again what action says; keep one of them");
                }
                return new ApprovalTerms(
                        new ApprovalRule(entry.at("action"), reason == null ? "" : reason, 1, List.of(),
                                false, ApprovalRule.USUAL_WAIT),
                        List.of());
            }
            default -> entry.wrong("action", "must be allow, deny or require_approval");
        }
        return approval;
    }

    /** Dialect b. */
    private void ordered(Members entry, String tool, List<Rule> entryRules, List<LimitRule> entryLimits) {
        List<JsonValue> values = entry.list("rules", PolicyLimits.RULES);
        Set<String> names = new HashSet<>();
        String always = null;
        for (int i = 0; i < values.size(); i++) {
            String at = Pointer.to(entry.at("rules"), i);
            Members rule = Members.of(values.get(i), at, problems);
            if (rule == null) {
                continue;
            }
            rule.only(RULE_KEYS);
            String name = rule.text("name", PolicyLimits.NAME_CHARACTERS);
            if (name != null && !names.add(name)) {
                rule.wrong("name", "stands twice in this entry");
            }
            if (always != null) {
                problems.add(at, "is never asked: " + always + " denies every call");
            }
            String action = rule.has("action") ? String.valueOf(rule.object.string("action")) : "evaluate";
            String words = rule.message("on_deny");
            if (action.equals("deny")) {
                for (String unasked : List.of("conditions", "rate_limit", "state")) {
                    if (rule.has(unasked)) {
                        rule.wrong(unasked, "is never asked: the rule denies every call");
                    }
                }
                entryRules.add(new Rule(at, false, List.of(), List.of(), words));
                always = at;
                continue;
            }
            if (!action.equals("evaluate")) {
                rule.wrong("action", "must be evaluate or deny");
            }
            evaluated(rule, tool, name, words, entryRules, entryLimits);
        }
    }

    private void evaluated(Members rule, String tool, @Nullable String name, @Nullable String words,
            List<Rule> entryRules, List<LimitRule> entryLimits) {
        List<Condition> all = conditions.list(rule, "conditions", ConditionReader.OF_CALL);
        if (!all.isEmpty()) {
            entryRules.add(Rule.of(rule.pointer, true, all, words));
        } else if (words != null && !rule.has("rate_limit")
                && (!(rule.get("conditions") instanceof JsonArray array) || array.values().isEmpty())) {
            rule.wrong("on_deny", "is never said: the rule has no conditions");
        }
        if (rule.has("rate_limit")) {
            LimitRule rate = limits.textRate(rule, tool, name);
            if (rate != null) {
                entryLimits.add(rate);
            }
        }
        if (rule.has("state")) {
            LimitRule state = limits.state(rule, tool);
            if (state != null) {
                entryLimits.add(state);
            }
        }
    }

    private static void refuse(Members entry, Set<String> names, String message) {
        names.stream().sorted().filter(entry::has).forEach(name -> entry.wrong(name, message));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Set.copyOf(Stream.concat(some.stream(), others.stream()).toList());
    }
}
