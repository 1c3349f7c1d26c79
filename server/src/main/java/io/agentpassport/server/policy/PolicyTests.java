package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.ToolName;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tests that a document carries. One that fails is a problem like any other. */
final class PolicyTests {

    private static final Set<String> KEYS = Set.of("name", "tool", "args", "agent", "grant", "session", "proof", "at",
            "counters", "expect");
    private static final Set<String> EXPECT_KEYS = Set.of("code", "rule");
    private static final Set<String> CODES = Set.of(Verdict.ALLOWED, Verdict.UNKNOWN_TOOL, Verdict.APPROVAL_REQUIRED,
            Verdict.LIMIT, "DEFAULT_DENY", "REQUIRE_FAILED", "DENY_IF", "SCHEDULE", "SCHEMA");
    /** The upstream of a tool that a test names without one. */
    private static final String SOME_UPSTREAM = "upstream";
    /** The time of a test that says none: a Wednesday at noon. */
    private static final Instant SOME_TIME = Instant.parse("2025-01-01T12:00:00Z");

    private PolicyTests() {}

    static void run(PolicyDocument document, Problems problems) {
        var source = new Members(document.source(), "", problems);
        List<JsonValue> tests = source.list("tests", PolicyLimits.TESTS);
        for (int i = 0; i < tests.size(); i++) {
            Members test = Members.of(tests.get(i), "/tests/" + i, problems);
            if (test != null) {
                run(document, test);
            }
        }
    }

    private static void run(PolicyDocument document, Members test) {
        test.only(KEYS);
        String name = test.message("name");
        CallFacts facts = facts(test);
        Map<String, Decimal> counters = counters(test);
        Members expect = expected(test);
        if (facts == null || counters == null || expect == null) {
            return;
        }
        expect.only(EXPECT_KEYS);
        String code = expect.object.string("code");
        if (code == null || !CODES.contains(code)) {
            String problem = "must be one of " + String.join(", ", CODES.stream().sorted().toList());
            if (test.get("expect") instanceof JsonString) {
                test.wrong("expect", problem);
            } else {
                expect.wrong("code", problem);
            }
            return;
        }
        Verdict verdict = Verdict.of(document, facts,
                charge -> counters.getOrDefault(charge.rule().counter(), Decimal.ZERO));
        String rule = expect.text("rule", FactPath.MAX_CHARACTERS);
        if (!verdict.code().equals(code) || (rule != null && !rule.equals(verdict.pointer()))) {
            test.problems.add(test.pointer, "the test" + (name == null ? "" : " (" + name + ")") + " fails: expected "
                    + code + (rule == null ? "" : " by " + rule) + ", and it is " + verdict
                    + (verdict.message().isEmpty() ? "" : " (" + verdict.message() + ")"));
        }
    }

    private static @Nullable Members expected(Members test) {
        JsonValue expect = test.get("expect");
        if (expect instanceof JsonString code) {
            return new Members(JsonObject.builder().put("code", code).build(), test.pointer, test.problems);
        }
        if (expect == null) {
            test.problems.add(test.pointer, "lacks expect: a code, or {code, rule}");
            return null;
        }
        return Members.of(expect, test.at("expect"), test.problems);
    }

    private static @Nullable CallFacts facts(Members test) {
        ToolName tool = ToolName.fromText(test.object.string("tool"));
        if (tool == null) {
            test.wrong("tool", "must be a tool, NAME or UPSTREAM/NAME");
        }
        Instant at = SOME_TIME;
        String time = test.text("at", PolicyLimits.NAME_CHARACTERS);
        try {
            at = time == null ? at : Instant.parse(time);
        } catch (DateTimeParseException e) {
            test.wrong("at", "must be an instant such as \"2026-01-31T12:00:00Z\"");
        }
        ProofKind proof = ProofKind.SIGNATURE;
        if (test.has("proof")) {
            proof = ProofKind.fromText(test.object.string("proof"));
            if (proof == null) {
                test.wrong("proof", "must be signature, bound_token or bearer");
            }
        }
        JsonObject args = object(test, "args");
        JsonObject agent = object(test, "agent");
        JsonObject grant = object(test, "grant");
        JsonObject session = object(test, "session");
        return tool == null || proof == null ? null
                : new CallFacts(tool.upstream() == null ? SOME_UPSTREAM : tool.upstream(), tool.name(), args, agent,
                        grant, session, proof, at);
    }

    private static JsonObject object(Members test, String name) {
        JsonValue value = test.get(name);
        if (value instanceof JsonObject object) {
            return object;
        }
        if (value != null) {
            test.wrong(name, "must be an object");
        }
        return JsonObject.EMPTY;
    }

    private static @Nullable Map<String, Decimal> counters(Members test) {
        Map<String, Decimal> counters = new HashMap<>();
        if (!test.has("counters")) {
            return counters;
        }
        Members values = Members.of(test.get("counters"), test.at("counters"), test.problems);
        if (values == null) {
            return null;
        }
        for (int i = 0; i < values.object.size(); i++) {
            Decimal value = values.decimal(values.object.name(i));
            if (value == null) {
                return null;
            }
            counters.put(values.object.name(i), value);
        }
        return counters;
    }
}
