package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.agentpassport.server.policy.PolicyChange.Effect;
import io.agentpassport.server.policy.TraceStep.Result;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Explaining, comparing and simulating. */
class ExplanationTest {

    private final PolicyDocument charges = Policy.parse(Policy.resource("charges.yaml"));

    @Test
    void everyRuleIsTracedAndTheFirstDenialIsSaidWithItsValues() {
        Explanation explanation = Explanation.of(charges, Policy.call("create_charge",
                "{\"amount\":600,\"currency\":\"usd\"}"), Policy.UNUSED);

        assertThat(explanation.verdict()).hasToString("REQUIRE_FAILED by /tools/create_charge/rules/0");
        assertThat(explanation.steps()).extracting(TraceStep::pointer, TraceStep::result)
                .containsExactly(
                        tuple("/hide", Result.PASSED), tuple("/default", Result.PASSED),
                        tuple("/tools/create_charge/rules/0", Result.DENIED),
                        tuple("/tools/create_charge/rules/1", Result.NOT_REACHED),
                        tuple("/tools/create_charge/rules/1", Result.NOT_REACHED),
                        tuple("/tools/create_charge/rules/1/state", Result.NOT_REACHED));
        assertThat(explanation.steps().get(2).message()).isEqualTo("args.amount lte 500 (it is 600): does not hold; "
                + "args.currency in [\"usd\",\"eur\"] (it is \"usd\"): holds");
    }

    @Test
    void countersAreSaidToo() {
        Explanation explanation = Explanation.of(charges, Policy.call("create_charge",
                "{\"amount\":10,\"currency\":\"usd\"}"), charge -> Policy.decimal("9995"));

        assertThat(explanation.verdict().message()).isEqualTo("The daily spend is used up.");
        assertThat(explanation.steps()).filteredOn(step -> step.result() == Result.DENIED)
                .singleElement()
                .satisfies(step -> assertThat(step.message())
                        .contains("state.create_charge.spent lte 10000", "it is 9995, and 10 with this call"));
    }

    @Test
    void theTraceEndsAsTheVerdictSays() {
        for (String args : List.of("{}", "{\"amount\":1}", "{\"amount\":1,\"currency\":\"usd\"}",
                "{\"amount\":-1,\"currency\":\"usd\"}")) {
            for (String tool : List.of("create_charge", "list_charges", "refund", "delete_everything")) {
                for (CounterView counters : List.<CounterView>of(Policy.UNUSED, charge -> Policy.decimal("20000"))) {
                    Explanation explanation = Explanation.of(charges, Policy.call(tool, args), counters);
                    List<TraceStep> denied = explanation.steps()
                            .stream()
                            .filter(step -> step.result() == Result.DENIED)
                            .toList();

                    assertThat(denied).as(tool + args)
                            .hasSize(explanation.verdict().code().equals("ALLOWED") ? 0 : 1)
                            .allSatisfy(step -> assertThat(step.code()).isEqualTo(explanation.verdict().code()));
                }
            }
        }
    }

    @Test
    void aDocumentThatOnlyWatchesIsExplainedAsIfItWereInForce() {
        PolicyDocument document = Policy.parse("{\"version\":\"1\",\"mode\":\"shadow\"}");

        Explanation explanation = Explanation.of(document, Policy.call("t", "{}"), Policy.UNUSED);
        assertThat(explanation.verdict().code()).isEqualTo("DEFAULT_DENY");
        assertThat(explanation.steps()).singleElement()
                .satisfies(step -> assertThat(step.result()).isEqualTo(Result.SHADOWED));
    }

    @Test
    void aDiffSaysWhatIsLooserAndWhatIsStricter() {
        PolicyDocument from = Policy.parse("""
                {"version":"1","hide":["a"],"tools":{
                  "t":{"require":[{"path":"args.x","op":"lt","value":5}],
                       "limits":[{"counter":"c","window":"day","max":10},{"counter":"d","window":"day","max":1}]},
                  "u":{"action":"deny"},"gone":{}}}""");
        PolicyDocument to = Policy.parse("""
                {"version":"1","default":"deny","hide":["b"],"tools":{
                  "t":{"limits":[{"counter":"c","window":"day","max":20},{"counter":"e","window":"day","max":1}],
                       "require_approval":true},
                  "u":{"action":"allow"},"new":{},"never":{"action":"deny"}}}""");

        assertThat(PolicyDiff.between(from, to)).extracting(PolicyChange::pointer, PolicyChange::effect)
                .containsExactly(
                        tuple("/hide/0", Effect.LOOSER), tuple("/hide/0", Effect.STRICTER),
                        tuple("/tools/gone", Effect.STRICTER), tuple("/tools/never", Effect.OTHER),
                        tuple("/tools/new", Effect.LOOSER),
                        tuple("/tools/t/limits/0/max", Effect.LOOSER), tuple("/tools/t/limits/1", Effect.STRICTER),
                        tuple("/tools/t/limits/1", Effect.LOOSER), tuple("/tools/t/require/0", Effect.LOOSER),
                        tuple("/tools/t/require_approval", Effect.STRICTER), tuple("/tools/u/action", Effect.LOOSER));
        assertThat(PolicyDiff.between(from, to)).extracting(PolicyChange::message)
                .contains("t: a limit lets 20 through, and was 10", "u: its calls are allow, and was deny",
                        "\"a\" is no longer hidden");
        assertThat(PolicyDiff.between(from, from)).isEmpty();
        assertThat(
                PolicyDiff.between(from, Policy.parse("{\"version\":\"1\",\"default\":\"allow\",\"mode\":\"shadow\"}")))
                .extracting(PolicyChange::pointer, PolicyChange::effect)
                .contains(tuple("/default", Effect.LOOSER), tuple("/mode", Effect.LOOSER));
    }

    private static Simulation.RecordedCall recorded(String tool, String args, boolean known, String code, Instant at) {
        return new Simulation.RecordedCall(Policy.call(tool, known ? args : "{}", at), "a", "p",
                path -> !known && path.root() == FactPath.Root.ARGS, false, false, code);
    }

    @Test
    void aSimulationTakesAnApprovalAsGivenAndCountsOnlyWhatRan() {
        PolicyDocument asking = Policy.parse("""
                {"version":"1","tools":{"pay":{"require_approval":true,
                  "limits":[{"counter":"c","window":"total","max":1}]}}}""");
        var simulation = new Simulation(asking);
        CallFacts pay = Policy.call("pay", "{}", Policy.NOON);

        assertThat(simulation.judge(new Simulation.RecordedCall(pay, "a", "p", path -> false, false, false, "ALLOWED")))
                .isInstanceOf(Simulation.Differs.class);
        // Something else denied the first, so the second is the first that is counted.
        assertThat(simulation.judge(new Simulation.RecordedCall(pay, "a", "p", path -> false, true, true, "BUDGET")))
                .isInstanceOf(Simulation.Differs.class);
        assertThat(simulation.judge(new Simulation.RecordedCall(pay, "a", "p", path -> false, true, false, "ALLOWED")))
                .isInstanceOf(Simulation.Same.class);
        Simulation copy = simulation.copy();
        assertThat(copy.judge(new Simulation.RecordedCall(pay, "a", "p", path -> false, true, false, "LIMIT")))
                .isInstanceOf(Simulation.Same.class);
    }

    @Test
    void aSimulationCountsForWhomTheGrantWasGivenTo() {
        for (String scope : List.of("agent", "principal")) {
            var simulation = new Simulation(Policy.parse("""
                    {"version":"1","tools":{"t":{"limits":[{"counter":"c","window":"total","max":1,"scope":"%s"}]}}}"""
                    .formatted(scope)));
            CallFacts call = Policy.call("t", "{}", Policy.NOON);

            assertThat(simulation.judge(new Simulation.RecordedCall(call, "a", "p", path -> false, false, false,
                    "ALLOWED"))).isInstanceOf(Simulation.Same.class);
            assertThat(simulation.judge(new Simulation.RecordedCall(call, "b", "q", path -> false, false, false,
                    "ALLOWED"))).as("of another").isInstanceOf(Simulation.Same.class);
            assertThat(simulation.judge(new Simulation.RecordedCall(call, "a", "p", path -> false, false, false,
                    "ALLOWED"))).isInstanceOf(Simulation.Differs.class);
        }
    }

    @Test
    void aSimulationGuessesNothingOfAnAgentThatTheRecordDoesNotKeep() {
        PolicyDocument graded = Policy.parse("""
                {"version":"1","tools":{"t":{"require":[{"path":"agent.grade","op":"gte","value":2}]}}}""");
        CallFacts call = Policy.call("t", "{}", Policy.NOON);

        assertThat(new Simulation(graded).judge(new Simulation.RecordedCall(call, "a", "p",
                path -> path.root() == FactPath.Root.AGENT, false, false, "ALLOWED")))
                .isEqualTo(new Simulation.Undecided("/tools/t/require/0"));
    }

    @Test
    void aSimulationSaysWhatWouldDifferAndWhatCannotBeTold() {
        var simulation = new Simulation(charges);
        String small = "{\"amount\":5,\"currency\":\"usd\"}";

        assertThat(simulation.judge(recorded("create_charge", small, true, "ALLOWED", Policy.NOON)))
                .isInstanceOf(Simulation.Same.class);
        assertThat(simulation.judge(recorded("create_charge", small, true, "DENY_IF", Policy.NOON)))
                .isInstanceOf(Simulation.Differs.class);
        assertThat(simulation.judge(recorded("create_charge", small, false, "ALLOWED", Policy.NOON)))
                .isEqualTo(new Simulation.Undecided("/tools/create_charge/rules/0"));
        assertThat(simulation.judge(recorded("refund", "{}", false, "ALLOWED", Policy.NOON)))
                .isInstanceOf(Simulation.Differs.class);
        assertThat(simulation.judge(recorded("delete_everything", "{}", false, "UNKNOWN_TOOL", Policy.NOON)))
                .isInstanceOf(Simulation.Same.class);
        assertThat(simulation.judge(recorded("list_charges", "{}", false, "ALLOWED", Policy.NOON)))
                .isInstanceOf(Simulation.Same.class);
    }

    @Test
    void aSimulationCountsWhatItWouldLetThrough() {
        var simulation = new Simulation(
                Policy.ofTool("{\"limits\":[{\"counter\":\"c\",\"window\":\"minute\",\"max\":2}]}"));

        for (int second = 0; second < 4; second++) {
            Simulation.Outcome outcome = simulation
                    .judge(recorded("t", "{}", false, "ALLOWED", Policy.NOON.plusSeconds(second)));
            assertThat(outcome).isEqualTo(second < 2 ? new Simulation.Same()
                    : new Simulation.Differs(new Verdict("LIMIT", "/tools/t/limits/0", "The limit is used up.")));
        }
        assertThat(simulation.judge(recorded("t", "{}", false, "ALLOWED", Policy.NOON.plusSeconds(60))))
                .isInstanceOf(Simulation.Same.class);
    }

    @Test
    void aDenialThatNeedsNoArgumentsIsDecidedWithoutThem() {
        PolicyDocument document = Policy.ofTool("""
                {"deny_if":[{"conditions":[{"path":"agent.grade","op":"gt","value":5},{"path":"args.x","op":"eq","value":1}]},
                            {"conditions":[{"path":"agent.grade","op":"eq","value":2}]}]}""");

        assertThat(new Simulation(document).judge(recorded("t", "{}", false, "DENY_IF", Policy.NOON)))
                .isInstanceOf(Simulation.Same.class);
    }
}
