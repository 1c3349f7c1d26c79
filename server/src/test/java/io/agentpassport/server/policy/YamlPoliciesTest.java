package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlPoliciesTest {

    @Test
    void anEscapeThatIsCutOffIsNoYaml() {
        for (String cut : List.of("\"\\u", "\"\\U0", "\"\\x", "a: \"\\u12", "\"\\uzzzz\"")) {
            assertThat(PolicyParser.parse(cut)).as(cut).isInstanceOf(PolicyParser.Invalid.class);
        }
    }

    @Test
    void yamlAndJsonAreOneModel() {
        PolicyDocument yaml = Policy.parse("""
                # reads only
                version: "1"
                tools:
                  t:
                    require:
                      - {path: args.amount, op: lte, value: 12.50}
                    limits:
                      - counter: c
                        window: 15m
                        max: 1e1
                """);
        PolicyDocument json = Policy.ofTool("""
                {"require":[{"path":"args.amount","op":"lte","value":12.5}],
                 "limits":[{"counter":"c","window":"15m","max":10}]}""");

        assertThat(yaml.source()).isEqualTo(json.source());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yes", "No", "on", "y", "~", "0x1F", "0o17", "017", "1_000", "+1", ".5", "5.", ".inf", "1:30",
                "True", "NULL"})
    void whatReadersDisagreeOnMustBeWrittenPlainly(String scalar) {
        assertThat(Policy.problems("version: \"1\"\ndescription: " + scalar + "\n")).singleElement()
                .satisfies(problem -> {
                    assertThat(problem.pointer()).isEqualTo("/description");
                    assertThat(problem.message()).contains("in quotes", "line 2");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: &x {}\nb: *x", "a: &x 1", "a: !!str 1", "a: !java.net.URL [x]", "a: {}\n<<: {b: 1}",
        "a: 1\n---\nb: 2", "- a", "just text", "? {a: 1}\n: 2", "a: [", "a: \"\\ud800\"",
        "%YAML 9.9\n---\na: 1"})
    void whatIsNotPlainIsRefused(String yaml) {
        assertThat(Policy.problems(yaml)).hasSize(1)
                .noneMatch(problem -> problem.message().contains("is not a key here"));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(Policy.problems("""
                version: 1
                mode: on
                tools:
                  pay:
                    limits:
                      - {counter: c, window: day, max: 1_000}
                      - {counter: d, window: dawn, max: 1e999}
                    require:
                      - {path: args.sure, op: eq, value: yes}
                odd: 1
                """)).extracting(Problem::pointer, Problem::line)
                .containsExactlyInAnyOrder(tuple("/version", 1), tuple("/mode", 2),
                        tuple("/tools/pay/limits/0/max", 6), tuple("/tools/pay/limits/1/window", 7),
                        tuple("/tools/pay/limits/1/max", 7), tuple("/tools/pay/require/0/value", 9), tuple("/odd", 10));
        assertThat(Policy.problems("version: \"1\"\ndescription: yes\ntools: {t: [}\n"))
                .as("also what stands before the place where reading ends")
                .extracting(Problem::pointer)
                .containsExactly("/description", "");
    }

    @Test
    void aProblemNamesTheLineOfItsPlace() {
        assertThat(Policy.problems("""
                version: "1"
                tools:
                  list: {}
                  pay:
                    limits:
                      - counter: c
                        window: day
                      - {counter: d, window: dawn, max: 1}
                odd: 1
                """)).extracting(Problem::pointer, Problem::line)
                .contains(tuple("/tools/pay/limits/0", 6), tuple("/tools/pay/limits/1/window", 8),
                        tuple("/odd", 9));
        assertThat(Policy.problems("{\"version\":\"1\",\"odd\":1}")).allMatch(problem -> problem.line() == 0);
        assertThat(Policy.problems("version: \"1\"\ntools: [\n")).singleElement()
                .satisfies(problem -> assertThat(problem.line()).isPositive());
    }

    @Test
    void aDocumentIsBounded() {
        assertThat(Policy.problems("a: ".repeat(1) + "[".repeat(100) + "]".repeat(100)).get(0).message())
                .contains("nests deeper");
        assertThat(
                Policy.problems("a: [" + IntStream.range(0, 60_000).mapToObj(i -> "1").collect(Collectors.joining(","))
                        + "]").get(0).message())
                .contains("more than");
        assertThat(Policy.problems("#" + "x".repeat(PolicyParser.MAX_BYTES)).get(0).message()).contains("longer than");
        assertThat(Policy.problems("{\"a\":" + "[".repeat(40_000)).get(0).message()).contains("nests deeper");
    }

    @Test
    void anEmptyDocumentIsNone() {
        assertThat(Policy.problems("")).singleElement()
                .satisfies(
                        problem -> assertThat(problem.message()).contains("must be a mapping"));
        assertThat(Policy.problems("null")).hasSize(1);
    }
}
