package io.agentpassport.server.cli.conformance;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.CounterView;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.PolicyVersion;
import io.agentpassport.server.policy.PriceQuote;
import io.agentpassport.server.policy.Problem;
import io.agentpassport.server.policy.ProofKind;
import io.agentpassport.server.policy.ResponseRules;
import io.agentpassport.server.policy.Verdict;
import io.agentpassport.vectors.Answers;
import io.agentpassport.vectors.Input;
import io.agentpassport.vectors.MalformedVectorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The primitives about policies: what a document is, what it says of a call, and what of a result. */
final class PolicyQuestions {

    private PolicyQuestions() {}

    /** {@code readPolicy}: whether a document is one, or where it is wrong. */
    static JsonObject read(Input input) {
        return switch (PolicyParser.of(input.object("document"))) {
            case PolicyParser.Parsed parsed -> Answers.OK;
            case PolicyParser.Invalid invalid -> wrong(invalid.problems());
        };
    }

    /** {@code policyText}: the document that a text is, JSON or YAML. */
    static JsonObject text(Input input) {
        return switch (PolicyParser.parse(input.text("text"))) {
            case PolicyParser.Parsed parsed -> Answers.OK.with("document", parsed.document().source());
            case PolicyParser.Invalid invalid -> wrong(invalid.problems());
        };
    }

    private static JsonObject wrong(List<Problem> problems) {
        return JsonObject.builder()
                .put("ok", JsonBoolean.FALSE)
                .put("problems", JsonArray.ofStrings(problems.stream().map(Problem::pointer).toList()))
                .build();
    }

    /** {@code policyTools}: which of some tools are shown to those under the document. */
    static JsonObject tools(Input input) {
        PolicyDocument document = document(input);
        List<JsonValue> shown = new ArrayList<>();
        for (JsonObject json : input.objects("tools")) {
            Input tool = new Input(json);
            if (document.admits(tool.text("upstream"), tool.text("name"))) {
                shown.add(json);
            }
            tool.requireAllRead();
        }
        return JsonObject.builder().put("shown", new JsonArray(shown)).build();
    }

    /** {@code judgePolicy}: the verdict on a call, and under which terms it may happen. */
    static JsonObject judge(Input input) {
        PolicyDocument document = document(input);
        CallFacts facts = facts(input.object("call"));
        Verdict verdict = Verdict.of(document, facts, counters(input.object("counters")));
        boolean hidden = verdict.code().equals(Verdict.UNKNOWN_TOOL);
        if (!document.shadow() || hidden) {
            JsonObject answer = JsonObject.builder()
                    .put("ok", JsonBoolean.of(verdict.code().equals(Verdict.ALLOWED)))
                    .put("code", verdict.code())
                    .put("rule", verdict.pointer())
                    .build();
            if (verdict.code().equals(Verdict.LIMIT)) {
                return answer;
            }
            JsonObject said = withWords(answer, verdict.message(), document);
            return document.judge(facts) instanceof Judgement.Passed passed && isOpen(verdict.code())
                    ? PolicyTerms.of(said, passed, facts)
                    : said;
        }
        if (!(document.judge(facts) instanceof Judgement.Passed passed)) {
            throw new MalformedVectorException("a document that only watches has denied");
        }
        JsonObject answer = Answers.OK.with("code", new JsonString(Verdict.ALLOWED)).with("rule", new JsonString(""));
        JsonObject would = JsonObject.builder().put("code", verdict.code()).put("rule", verdict.pointer()).build();
        return PolicyTerms.watched(verdict.code().equals(Verdict.ALLOWED) ? answer : answer.with("would", would),
                passed);
    }

    private static boolean isOpen(String code) {
        return code.equals(Verdict.ALLOWED) || code.equals(Verdict.APPROVAL_REQUIRED);
    }

    /** {@code judgeResult}: what of a result the agent may see, and what the call cost. */
    static JsonObject result(Input input) {
        PolicyDocument document = document(input);
        JsonObject result = input.object("result");
        if (!(document.judge(facts(input.object("call"))) instanceof Judgement.Passed passed)) {
            throw new MalformedVectorException("the call is denied, so there is no result");
        }
        JsonObject answer = switch (passed.response().apply(result)) {
            case ResponseRules.Released released -> Answers.OK.with("result", released.result());
            case ResponseRules.Withheld withheld -> withWords(JsonObject.builder()
                    .put("ok", JsonBoolean.FALSE)
                    .put("rule", withheld.pointer())
                    .build(), withheld.message(), document);
        };
        PriceQuote quote = passed.price();
        if (quote == null) {
            return answer;
        }
        Money actual = quote.actual(result);
        return answer.with("price", PolicyTerms.money(actual == null ? quote.reserve() : actual));
    }

    private static PolicyDocument document(Input input) {
        if (input.isSet("stored_text")) {
            return PolicyVersion.documentOf(input.text("stored_text"));
        }
        if (PolicyParser.of(input.object("document")) instanceof PolicyParser.Parsed parsed) {
            return parsed.document();
        }
        throw new MalformedVectorException("input.document is no policy");
    }

    private static CallFacts facts(JsonObject json) {
        Input call = new Input(json);
        Input tool = new Input(call.object("tool"));
        ProofKind proof = ProofKind.fromText(call.text("proof"));
        if (proof == null) {
            throw new MalformedVectorException("no such proof: " + call.text("proof"));
        }
        CallFacts facts = new CallFacts(tool.text("upstream"), tool.text("name"), call.object("args"),
                call.object("agent"), call.object("grant"), call.object("session"), proof,
                Instant.ofEpochMilli((long) call.number("at_ms")));
        tool.requireAllRead();
        call.requireAllRead();
        return facts;
    }

    private static CounterView counters(JsonObject json) {
        Map<String, Decimal> counters = new HashMap<>();
        for (int i = 0; i < json.size(); i++) {
            Decimal value = json.value(i) instanceof JsonString text ? Decimal.fromText(text.value()) : null;
            if (value == null) {
                throw new MalformedVectorException("input.counters holds something else than decimals");
            }
            counters.put(json.name(i), value);
        }
        return charge -> counters.getOrDefault(charge.rule().counter(), Decimal.ZERO);
    }

    /** With the message, when it is the document's own: those that programs make are their own business. */
    private static JsonObject withWords(JsonObject answer, String message, PolicyDocument document) {
        return !message.isEmpty() && holds(document.source(), message)
                ? answer.with("message", new JsonString(message))
                : answer;
    }

    private static boolean holds(JsonValue value, String text) {
        return switch (value) {
            case JsonString string -> string.value().equals(text);
            case JsonArray array -> array.values().stream().anyMatch(element -> holds(element, text));
            case JsonObject object -> {
                for (int i = 0; i < object.size(); i++) {
                    if (holds(object.value(i), text)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> false;
        };
    }
}
