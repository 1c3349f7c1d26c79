package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads require and deny_if. */
final class RuleReader {

    private static final Set<String> RULE_KEYS = Set.of("conditions", "on_deny");
    private static final Set<String> CONDITION_KEYS = Set.of("path", "op", "value", "on_deny");

    private final Problems problems;
    private final ConditionReader conditions;

    RuleReader(Problems problems, ConditionReader conditions) {
        this.problems = problems;
        this.conditions = conditions;
    }

    /** {@code require}: conditions, each with its own on_deny, or {conditions, on_deny}. */
    List<Rule> requirements(Members entry) {
        List<Rule> rules = new ArrayList<>();
        List<JsonValue> values = entry.list("require", PolicyLimits.RULES);
        for (int i = 0; i < values.size(); i++) {
            String at = Pointer.to(entry.at("require"), i);
            Members rule = Members.of(values.get(i), at, problems);
            if (rule == null) {
                continue;
            }
            if (rule.has("conditions")) {
                rule.only(RULE_KEYS);
                List<Condition> all = conditions.list(rule, "conditions", ConditionReader.OF_CALL);
                if (rule.get("conditions") instanceof JsonArray array
                        && array.values().isEmpty()) {
                    rule.wrong("conditions", "is empty, so it requires nothing");
                }
                rules.add(Rule.of(at, true, all, rule.message("on_deny")));
            } else {
                Condition condition = conditions.read(rule.object, at, ConditionReader.OF_CALL, CONDITION_KEYS, 1);
                if (condition != null) {
                    rules.add(Rule.of(at, true, List.of(condition), rule.message("on_deny")));
                }
            }
        }
        return rules;
    }

    /** {@code deny_if}: [{conditions, on_deny}]. Empty conditions deny always. */
    List<Rule> denials(Members entry, String name, Set<FactPath.Root> roots) {
        List<Rule> rules = new ArrayList<>();
        List<JsonValue> values = entry.list(name, PolicyLimits.RULES);
        String always = null;
        for (int i = 0; i < values.size(); i++) {
            String at = Pointer.to(entry.at(name), i);
            Members rule = Members.of(values.get(i), at, problems);
            if (rule == null) {
                continue;
            }
            rule.only(RULE_KEYS);
            if (!rule.has("conditions")) {
                problems.add(at, "lacks conditions; an empty list of them denies always");
                continue;
            }
            if (always != null) {
                problems.add(at, "is never asked: " + always + " denies every call");
            }
            List<Condition> all = conditions.list(rule, "conditions", roots);
            Rule read = Rule.of(at, false, all, rule.message("on_deny"));
            if (rule.get("conditions") instanceof JsonArray array
                    && array.values().isEmpty()) {
                always = at;
            } else if (read.deniesAlways()) {
                continue;
            }
            rules.add(read);
        }
        return rules;
    }
}
