package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits, costs, prices, schedules, schemas, approvals, responses and shadow mode, in values. */
class PolicyTermsTest {

    private static final String COST = """
            {"limits":[{"counter":"c","window":"day","max":"1000.00","scope":"principal","per":"args.currency",
              "algorithm":"sliding","cost":{"from":"args.amount","scale":2},"on_error":"refund"}]}""";

    @Test
    void aCostIsTheExactDecimalOfTheArgument() {
        assertThat(Policy.passed(Policy.ofTool(COST), "t", "{\"amount\":12.5,\"currency\":\"usd\"}").limits())
                .singleElement()
                .satisfies(charge -> {
                    assertThat(charge.cost().text()).isEqualTo("12.5");
                    assertThat(charge.split()).isEqualTo("args.currency=s:usd");
                    assertThat(charge.rule().onError()).isEqualTo(OnError.REFUND);
                    assertThat(charge.rule().algorithm()).isEqualTo(LimitAlgorithm.SLIDING);
                });
        assertThat(Policy.passed(Policy.ofTool(COST), "t", "{\"amount\":\"0.10\",\"currency\":1}").limits())
                .extracting(LimitCharge::split, charge -> charge.cost().text())
                .containsExactly(tuple("args.currency=n:1", "0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"amount\":-1,\"currency\":\"usd\"}", "{\"amount\":12.345,\"currency\":\"usd\"}",
        "{\"amount\":1e300,\"currency\":\"usd\"}", "{\"amount\":\"NaN\",\"currency\":\"usd\"}",
        "{\"amount\":null,\"currency\":\"usd\"}", "{\"currency\":\"usd\"}", "{\"amount\":\"1e2\",\"currency\":\"usd\"}",
        "{\"amount\":5}", "{\"amount\":5,\"currency\":[]}", "{\"amount\":true,\"currency\":\"usd\"}"})
    void whatCannotBeCountedIsDenied(String args) {
        assertThat(Policy.verdict(Policy.ofTool(COST), "t", args))
                .hasToString("REQUIRE_FAILED by /tools/t/limits/0");
    }

    @Test
    void aCounterThatIsSplitByALongTextIsDenied() {
        assertThat(Policy.verdict(Policy.ofTool(COST), "t",
                "{\"amount\":5,\"currency\":\"" + "x".repeat(LimitCharge.MAX_SPLIT_CHARACTERS) + "\"}").code())
                .isEqualTo("REQUIRE_FAILED");
    }

    @ParameterizedTest
    @CsvSource({
        "minute, 2026-03-04T12:34:56.789Z, 2026-03-04T12:34:00Z, 2026-03-04T12:35:00Z",
        "hour, 2026-03-04T12:34:56Z, 2026-03-04T12:00:00Z, 2026-03-04T13:00:00Z",
        "day, 2026-03-04T00:00:00Z, 2026-03-04T00:00:00Z, 2026-03-05T00:00:00Z",
        "month, 2024-02-29T23:59:59.999Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "90s, 1970-01-01T00:03:10Z, 1970-01-01T00:03:00Z, 1970-01-01T00:04:30Z",
        "15m, 2026-03-04T12:34:56Z, 2026-03-04T12:30:00Z, 2026-03-04T12:45:00Z",
    })
    void windowsAreAlignedInUtc(String window, Instant at, Instant start, Instant end) {
        Window read = Objects.requireNonNull(Window.fromText(window));

        assertThat(read.start(at)).isEqualTo(start);
        assertThat(read.end(at)).isEqualTo(end);
        assertThat(read.start(end)).isEqualTo(end);
        assertThat(Window.fromText(read.text())).isEqualTo(read);
    }

    @Test
    void aStateConditionLooksAtCountersOfOtherToolsToo() {
        PolicyDocument document = Policy.parse("""
                {"version":"1","tools":{
                  "search":{"limits":[{"counter":"searches","window":"day","max":100}]},
                  "buy":{"require":[{"path":"state.searches","op":"gte","value":1,"on_deny":"search first"}],
                         "deny_if":[{"conditions":[{"path":"args.rush","op":"eq","value":true},
                                                   {"path":"state.searches","op":"gt","value":50}]}]}}}""");

        assertThat(Policy.verdict(document, "buy", "{}").message()).isEqualTo("search first");
        assertThat(Policy.verdict(document, "buy", "{\"rush\":false}", Map.of("searches", "60")).code())
                .isEqualTo("ALLOWED");
        assertThat(Policy.verdict(document, "buy", "{\"rush\":true}", Map.of("searches", "60")))
                .hasToString("DENY_IF by /tools/buy/deny_if/0");
        assertThat(Policy.verdict(document, "buy", "{}", Map.of("searches", "60")).code())
                .as("what is missing counts against the call")
                .isEqualTo("DENY_IF");
    }

    @ParameterizedTest
    @CsvSource({"2026-03-04T08:59:59Z, false", "2026-03-04T09:00:00Z, true", "2026-03-04T16:59:59Z, true",
        "2026-03-04T17:00:00Z, false", "2026-03-07T12:00:00Z, false", "2026-03-07T23:00:00Z, true",
        "2026-03-08T01:59:00Z, true", "2026-03-08T02:00:00Z, false", "2025-12-31T12:00:00Z, false"})
    void aScheduleIsAskedInItsZone(Instant at, boolean admitted) {
        PolicyDocument document = Policy.ofTool("""
                {"schedule":[{"days":["mon","tue","wed","thu","fri"],"from":"10:00","to":"18:00","zone":"+01:00",
                              "not_before":"2026-01-01T00:00:00Z"},
                             {"days":["sat"],"from":"22:00","to":"02:00"}]}""");

        assertThat(Verdict.of(document, Policy.call("t", "{}", at), Policy.UNUSED).code())
                .isEqualTo(admitted ? "ALLOWED" : "SCHEDULE");
    }

    @ParameterizedTest
    @CsvSource({"2026-03-04T17:00:00Z, 2026-03-05T09:00:00Z", "2026-03-06T17:00:00Z, 2026-03-07T22:00:00Z",
        "2026-03-08T02:00:00Z, 2026-03-09T09:00:00Z", "2025-12-31T12:00:00Z, 2026-01-01T09:00:00Z",
        "2026-03-31T17:00:00Z,"})
    void aScheduleSaysWhenItOpensAgain(Instant at, @Nullable Instant opens) {
        PolicyDocument document = Policy.ofTool("""
                {"schedule":[{"days":["mon","tue","wed","thu","fri"],"from":"10:00","to":"18:00","zone":"+01:00",
                              "not_before":"2026-01-01T00:00:00Z","not_after":"2026-03-31T23:00:00Z"},
                             {"days":["sat"],"from":"22:00","to":"02:00","not_after":"2026-03-31T23:00:00Z"}]}""");

        assertThat(opening(document, at)).isEqualTo(opens);
    }

    @Test
    void ofManySchedulesItIsWhenAllAreOpenAndOfASkippedHourWhenClocksGoOn() {
        PolicyDocument both = Policy.parse("""
                {"version":"1","all_tools":{"schedule":{"days":["wed"],"from":"08:00","to":"12:00"}},
                 "tools":{"t":{"schedule":{"from":"11:00","to":"07:00"}}}}""");
        assertThat(opening(both, Policy.NOON)).isEqualTo("2026-03-11T11:00:00Z");
        PolicyDocument never = Policy.parse("""
                {"version":"1","all_tools":{"schedule":{"from":"08:00","to":"12:00"}},
                 "tools":{"t":{"schedule":{"from":"13:00","to":"14:00"}}}}""");
        assertThat(opening(never, Policy.NOON)).isNull();
        PolicyDocument skipped = Policy.ofTool("""
                {"schedule":{"from":"02:30","to":"05:00","zone":"Europe/Berlin"}}""");
        assertThat(opening(skipped, Instant.parse("2026-03-28T22:00:00Z"))).isEqualTo("2026-03-29T01:00:00Z");
    }

    private static @Nullable Instant opening(PolicyDocument document, Instant at) {
        return ((Judgement.Denied) document.judge(Policy.call("t", "{}", at))).retryAt();
    }

    @Test
    void aSchemaIsAskedAfterTheRulesAndBoundsItsPatterns() {
        PolicyDocument document = Policy.ofTool("""
                {"require":[{"path":"args.to","op":"neq","value":"x"}],
                 "args_schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
                  "required":["to"],"additionalProperties":false,
                  "properties":{"to":{"$ref":"#/$defs/name"},"n":{"type":"integer","multipleOf":5}},
                  "$defs":{"name":{"type":"string","pattern":"^(a+)+$"}}}}""");

        assertThat(Policy.verdict(document, "t", "{\"to\":\"aaa\",\"n\":10.0}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(document, "t", "{\"to\":\"aab\"}")).hasToString("SCHEMA by /tools/t/args_schema");
        assertThat(Policy.verdict(document, "t", "{\"to\":\"a\",\"n\":3}").code()).isEqualTo("SCHEMA");
        assertThat(Policy.verdict(document, "t", "{\"to\":\"a\",\"z\":3}").code()).isEqualTo("SCHEMA");
        assertThat(Policy.verdict(document, "t", "{\"to\":\"x\",\"z\":3}").code()).isEqualTo("REQUIRE_FAILED");
        assertThat(Policy.verdict(document, "t", "{\"to\":\"" + "a".repeat(16_000) + "b\"}").code())
                .isEqualTo("SCHEMA");
        assertThat(Policy.verdict(document, "t", "{\"to\":\"" + "a".repeat(17_000) + "\"}").code())
                .as("a text too long to be matched")
                .isEqualTo("SCHEMA");
    }

    @Test
    void theReasonForAnApprovalIsShownWholeSoItIsBounded() {
        for (String entry : List.of("{\"require_approval\":{\"reason\":\"%s\"}}",
                "{\"action\":\"require_approval\",\"reason\":\"%s\"}")) {
            String pointer = entry.startsWith("{\"a") ? "/tools/t/reason" : "/tools/t/require_approval/reason";
            String most = "r".repeat(PolicyLimits.REASON_CHARACTERS);
            assertThat(PolicyParser.parse(document(entry.formatted(most)))).isInstanceOf(PolicyParser.Parsed.class);
            assertThat(PolicyParser.parse(document(entry.formatted(most + "r"))))
                    .isInstanceOfSatisfying(PolicyParser.Invalid.class,
                            invalid -> assertThat(invalid.problems()).extracting(Problem::pointer)
                                    .containsExactly(pointer));
        }
    }

    private static String document(String entry) {
        return "{\"version\":\"1\",\"tools\":{\"t\":" + entry + "}}";
    }

    @Test
    @Timeout(60)
    void everyMemberOfALargeResultIsRedactedInATimeThatGrowsWithTheirNumber() {
        JsonObject.Builder members = JsonObject.builder();
        for (int i = 0; i < 400_000; i++) {
            members.put("m" + i, i);
        }
        JsonObject redacted = (JsonObject) new Redaction.Place(List.of("*")).apply(members.build());
        assertThat(redacted.size()).isEqualTo(400_000);
        assertThat(redacted.string("m399999")).isEqualTo(Redaction.REDACTED);
    }

    @Test
    void approvalsSayHowManyAndWho() {
        PolicyDocument document = Policy.ofTool("""
                {"require_approval":{"reason":"large","approvals":2,"approvers":["ann","bob","cid"],"owner":true,
                  "expires":"1h","when":[{"path":"args.amount","op":"gt","value":100}]}}""");

        assertThat(Policy.passed(document, "t", "{\"amount\":100}").approval()).isNull();
        assertThat(Policy.passed(document, "t", "{}").approval()).as("what cannot be told asks").isNotNull();
        ApprovalRule rule = Objects.requireNonNull(Policy.passed(document, "t", "{\"amount\":101}").approval());
        assertThat(rule).isEqualTo(new ApprovalRule("/tools/t/require_approval", "large", 2,
                List.of("ann", "bob", "cid"), true, Duration.ofHours(1)));
    }

    @Test
    void aPriceIsFixedOrSaidByTheArgumentsOrByTheResult() {
        assertThat(price("{\"price\":{\"amount\":\"0.05\",\"currency\":\"USD\"}}", "{}").reserve())
                .hasToString("0.05 USD");
        assertThat(price("{\"price\":{\"from\":\"args.amount\",\"currency\":\"USD\",\"scale\":2}}", "{\"amount\":3.5}")
                .reserve()).hasToString("3.5 USD");
        assertThat(
                Policy.verdict(Policy.ofTool("{\"price\":{\"from\":\"args.amount\",\"currency\":\"USD\",\"scale\":2}}"),
                        "t", "{\"amount\":3.555}"))
                .hasToString("REQUIRE_FAILED by /tools/t/price");
        PriceQuote later = price("{\"price\":{\"from\":\"result.usage.cost\",\"reserve\":1,\"currency\":\"USD\"}}",
                "{}");
        assertThat(later.reserve()).hasToString("1 USD");
        assertThat(later.actual(Policy.json("{\"usage\":{\"cost\":0.25}}"))).hasToString("0.25 USD");
        assertThat(later.actual(Policy.json("{\"usage\":{}}"))).isNull();
        assertThat(later.actual(Policy.json("{\"usage\":{\"cost\":-1}}"))).isNull();
    }

    private static PriceQuote price(String entry, String args) {
        return Objects.requireNonNull(Policy.passed(Policy.ofTool(entry), "t", args).price());
    }

    @Test
    void aResultIsWithheldOrRedacted() {
        ResponseRules rules = Policy
                .passed(Policy.ofTool("""
                {"response":{"max_bytes":200,
                  "redact":["result.user.email","result.items.*.card",{"pattern":"sk_[a-z0-9]+","with":"sk_…"}],
                  "deny_if":[{"conditions":[{"path":"result.secret","op":"exists"}],"on_deny":"secret"}]}}"""), "t",
                        "{}")
                .response();

        assertThat(rules.needsWholeResult()).isTrue();
        assertThat(rules.apply(Policy.json("{\"secret\":1}")))
                .isEqualTo(new ResponseRules.Withheld("/tools/t/response/deny_if/0", "secret"));
        assertThat(rules.apply(Policy.json("{\"a\":\"" + "x".repeat(200) + "\"}")))
                .isEqualTo(new ResponseRules.Withheld("/tools/t/response/max_bytes",
                        "The result is larger than 200 bytes."));
        assertThat(rules.apply(Policy.json("""
                {"user":{"email":"a@b.c","id":7},"items":[{"card":"4242"},{"n":1}],"log":"key sk_abc1!"}""")))
                .isEqualTo(new ResponseRules.Released(Policy.json("""
                        {"user":{"email":"[redacted]","id":7},"items":[{"card":"[redacted]"},{"n":1}],
                         "log":"key sk_…!"}""")));
    }

    @Test
    void whatIsSaidOfAllToolsIsSaidOfEach() {
        PolicyDocument document = Policy.parse("""
                {"version":"1","all_tools":{"limits":[{"counter":"all","window":"minute","max":9,"scope":"agent"}],
                   "deny_if":[{"conditions":[{"path":"proof","op":"eq","value":"bearer"}]}]},
                 "tools":{"*":{"rules":[{"rate_limit":"100/hour"}]},"t":{"timeout":"5s"},"shop/u":{}}}""");

        assertThat(Policy.passed(document, "t", "{}").limits()).extracting(charge -> charge.rule().counter())
                .containsExactly("all", "*.rate_limit");
        assertThat(Policy.passed(document, "t", "{}").timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(Policy.verdict(document, "u", "{}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(document, "v", "{}").code()).as("* admits no unlisted tool")
                .isEqualTo("DEFAULT_DENY");
    }

    @Test
    void anEntryOfOneUpstreamIsTakenBeforeTheBareName() {
        PolicyDocument document = Policy.parse("""
                {"version":"1","default":"allow","tools":{"t":{"action":"deny"},"shop/t":{"timeout":3}}}""");

        assertThat(Policy.verdict(document, "t", "{}").code()).isEqualTo("ALLOWED");
        assertThat(document.admits("bank", "t")).isFalse();
        assertThat(document.admits("bank", "other")).isTrue();
    }

    @Test
    void aDocumentThatOnlyWatchesLiftsItsOwnVerdicts() {
        PolicyDocument document = Policy.parse("""
                {"version":"1","mode":"shadow","hide":["h"],"tools":{
                  "t":{"action":"deny","reason":"no"},"p":{"price":{"amount":1,"currency":"USD"},"require":[
                    {"path":"args.x","op":"exists"}],"response":{"redact":["result.a"],"max_bytes":1}}}}""");

        Judgement.Passed denied = Policy.passed(document, "t", "{}");
        assertThat(denied.shadow()).isTrue();
        assertThat(denied.lifted()).isEqualTo(new Judgement.Denied(PolicyCode.DENY_IF, "/tools/t/action", "no"));
        Judgement.Passed priced = Policy.passed(document, "p", "{}");
        assertThat(priced.lifted()).isNotNull();
        assertThat(priced.price()).as("a budget is not the document's").isNotNull();
        assertThat(priced.response().apply(Policy.json("{\"a\":1}")))
                .isEqualTo(new ResponseRules.Released(Policy.json("{\"a\":\"[redacted]\"}")));
        assertThat(Policy.passed(document, "unlisted", "{}").lifted()).isNotNull();
        assertThat(document.hides("any", "h")).isTrue();
        assertThat(document.judge(Policy.call("h", "{}"))).isInstanceOf(Judgement.Denied.class);
    }

    @Test
    void aDocumentThatOnlyWatchesLetsNoCallPassWhosePriceCannotBeTold() {
        PolicyDocument document = Policy.parse("""
                {"version":"1","mode":"shadow","tools":{"t":{"require":[{"path":"args.x","op":"exists"}],
                  "price":{"from":"args.amount","currency":"USD"}}}}""");

        assertThat(document.judge(Policy.call("t", "{\"amount\":-1}")))
                .isInstanceOfSatisfying(Judgement.Denied.class, denied -> {
                    assertThat(denied.code()).isEqualTo(PolicyCode.REQUIRE_FAILED);
                    assertThat(denied.pointer()).isEqualTo("/tools/t/price");
                });
        assertThat(Policy.passed(document, "t", "{\"amount\":3}").lifted()).isNotNull();
    }

    @Test
    void callsThatAreAllAlikeGetOneJudgement() {
        PolicyDocument document = Policy
                .ofTool("{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":5,\"cost\":2}]}");

        assertThat(document.judge(Policy.call("t", "{}"))).isSameAs(document.judge(Policy.call("t", "{\"a\":1}")));
        assertThat(Policy.passed(document, "t", "{}").limits().get(0).cost()).isEqualTo(Decimal.of(2));
    }
}
