package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.toolcall.Decimal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Policies and calls as tests write them. */
final class Policy {

    static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    /** Nothing was counted yet. */
    static final CounterView UNUSED = charge -> Decimal.ZERO;

    private static final JsonParser JSON = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    private Policy() {}

    static String resource(String name) {
        try (InputStream in = Policy.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PolicyDocument parse(String text) {
        PolicyParser.Outcome outcome = PolicyParser.parse(text);
        assertThat(outcome).isInstanceOf(PolicyParser.Parsed.class);
        return ((PolicyParser.Parsed) outcome).document();
    }

    static List<Problem> problems(String text) {
        PolicyParser.Outcome outcome = PolicyParser.parse(text);
        assertThat(outcome).isInstanceOf(PolicyParser.Invalid.class);
        return ((PolicyParser.Invalid) outcome).problems();
    }

    /** A document with one tool, {@code t}, whose entry is given. */
    static PolicyDocument ofTool(String entry) {
        return parse("{\"version\":\"1\",\"tools\":{\"t\":" + entry + "}}");
    }

    /** A document whose only tool requires one condition. */
    static PolicyDocument requiring(String condition) {
        return ofTool("{\"require\":[" + condition + "]}");
    }

    static JsonObject json(String text) {
        return ((JsonParser.Parsed) JSON.parse(text.getBytes(StandardCharsets.UTF_8))).object();
    }

    static CallFacts call(String tool, String args) {
        return call(tool, args, NOON);
    }

    static CallFacts call(String tool, String args, Instant at) {
        return new CallFacts("shop", tool, json(args), json("{\"binding\":\"agent:alice\",\"grade\":2}"),
                json("{\"id\":\"grant_1\",\"scopes\":[\"shop:charge\"]}"), json("{\"id\":\"s1\"}"), ProofKind.SIGNATURE,
                at);
    }

    static Verdict verdict(PolicyDocument document, String tool, String args) {
        return Verdict.of(document, call(tool, args), UNUSED);
    }

    /** With counters by name. */
    static Verdict verdict(PolicyDocument document, String tool, String args, Map<String, String> counters) {
        return Verdict.of(document, call(tool, args), charge -> decimal(
                counters.getOrDefault(charge.rule().counter(), "0")));
    }

    static Decimal decimal(String text) {
        Decimal decimal = Decimal.fromText(text);
        return Objects.requireNonNull(decimal, text);
    }

    static Judgement.Passed passed(PolicyDocument document, String tool, String args) {
        Judgement judgement = document.judge(call(tool, args));
        assertThat(judgement).isInstanceOf(Judgement.Passed.class);
        return (Judgement.Passed) judgement;
    }
}
