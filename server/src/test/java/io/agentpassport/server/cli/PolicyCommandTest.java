package io.agentpassport.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.TestService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {

    private static final String RULES = """
            # from elsewhere
            version: "1"
            tools:
              pay:
                rules:
                  - conditions: [{path: args.amount, op: lte, value: 5}]
            """;

    @TempDir
    Path folder;

    private record Said(int exitCode, String out, String err) {}

    private Said run(String in, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = PassportCommand.run(new CliContext(InstantSource.fixed(TestService.START), () -> 0,
                TestService.seeded(1), new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of()), args);
        return new Said(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void validateSaysAllThatIsWrongAndWhere() throws IOException {
        String good = file("good.yaml", RULES);
        String bad = file("bad.json", "{\"version\":\"1\",\"defualt\":\"deny\",\"tools\":{\"t\":{\"timeout\":0}}}");

        Said valid = run("", "policy", "validate", good);
        assertThat(valid.exitCode()).isZero();
        assertThat(valid.out()).contains("valid, 1 tool, 0 tests passed", "note: the document: says no default");
        Said invalid = run("", "policy", "validate", good, bad);
        assertThat(invalid.exitCode()).isEqualTo(1);
        assertThat(invalid.out()).contains("bad.json: not valid", "/defualt: ", "/tools/t/timeout: ");
        assertThat(run("", "policy", "validate", "--json", bad).out())
                .contains("\"valid\":false", "\"pointer\":\"/tools/t/timeout\"");
        assertThat(run(RULES, "policy", "validate", "-").exitCode()).isZero();
        assertThat(run("", "policy", "validate", folder.resolve("absent").toString()).exitCode()).isEqualTo(2);
    }

    @Test
    void validateSaysOfARateThatIsPerSessionThatItIs() throws IOException {
        String rates = file("rates.json", """
                {"version":"1","default":"deny","tools":{"a":{"rate_limit":{"max":1,"window":60}},
                 "b":{"rules":[{"rate_limit":"1/minute"}]},
                 "c":{"limits":[{"counter":"c","window":"minute","max":1,"scope":"session"}]}}}""");

        Said valid = run("", "policy", "validate", rates);

        assertThat(valid.exitCode()).isZero();
        assertThat(valid.out()).contains("note: /tools/a/rate_limit: is counted per session")
                .doesNotContain("/tools/b", "/tools/c");
    }

    @Test
    void explainTracesEveryRule() throws IOException {
        String good = file("good.yaml", RULES);

        Said denied = run("", "policy", "explain", good, "--tool", "pay", "--args", "{\"amount\":6}");
        assertThat(denied.exitCode()).isEqualTo(1);
        assertThat(denied.out()).contains("args.amount lte 5 (it is 6): does not hold",
                "REQUIRE_FAILED by /tools/pay/rules/0");
        List<String> rows = denied.out().lines().takeWhile(line -> !line.isEmpty()).toList();
        int rule = rows.get(0).indexOf("RULE");
        assertThat(rows).as("each column stands under its heading").hasSizeGreaterThan(2).allSatisfy(row -> {
            assertThat(row.substring(rule - 2, rule)).isBlank();
            assertThat(row.charAt(rule)).isNotEqualTo(' ');
        });
        Said allowed = run("", "policy", "explain", good, "--tool", "shop/pay", "--args", "{\"amount\":5}", "--json");
        assertThat(allowed.exitCode()).isZero();
        assertThat(allowed.out()).contains("\"code\":\"ALLOWED\"");
        assertThat(run("{\"amount\":6}", "policy", "explain", good, "--tool", "pay", "--args", "-").out())
                .contains("(it is 6): does not hold");
        assertThat(run("", "policy", "explain", good, "--tool", "pay", "--args", "{").err()).contains("--args");
        assertThat(run("", "policy", "explain", good, "--tool", "a b").exitCode()).isEqualTo(2);
        assertThat(run("", "policy", "explain", good, "--tool", "pay", "--at", "noon").exitCode()).isEqualTo(2);
    }

    @Test
    void explainTakesOnlyCountersThatTheDocumentHas() throws IOException {
        String counting = file("counting.json", """
                {"version":"1","all_tools":{"limits":[{"counter":"calls","window":"minute","max":30}]},
                 "tools":{"pay":{"rules":[{"name":"daily",
                   "conditions":[{"path":"state.pay.spent","op":"lte","value":100}],
                   "state":{"counter":"spent","window":"day","increment_from":"args.amount"},"on_deny":"Enough."}]},
                  "list":{"action":"allow","rate_limit":{"max":10,"window":60}}}}
                """);

        Said misspelt = run("", "policy", "explain", counting, "--tool", "pay", "--args", "{\"amount\":1}", "--counter",
                "spent=100");
        assertThat(misspelt.exitCode()).isEqualTo(2);
        assertThat(misspelt.err())
                .contains("--counter spent is no counter of the document; it has calls, list.rate_limit, pay.spent");
        assertThat(run("", "policy", "explain", counting, "--tool", "pay", "--args", "{\"amount\":1}", "--counter",
                "pay.spent=100").out()).contains("REQUIRE_FAILED");
        assertThat(run("", "policy", "explain", file("good.yaml", RULES), "--tool", "pay", "--counter", "c=1").err())
                .contains("it has none");
    }

    @Test
    void diffSaysWhichWayEachDifferenceGoes() throws IOException {
        String one = file("one.yaml", RULES);
        String other = file("other.yaml", RULES + "  refund: {}\n");

        assertThat(run("", "policy", "diff", one, other).out()).contains("looser    refund is named now");
        assertThat(run("", "policy", "diff", one, one).out()).contains("the two say the same");
        assertThat(run("", "policy", "diff", "--json", other, one).out()).contains("\"effect\":\"stricter\"");
    }

    @Test
    void importAsksWhatAMissingDefaultMeantAndWritesItOut() throws IOException {
        String from = file("from.yaml", RULES);
        Path to = folder.resolve("to.yaml");

        Said asked = run("perhaps\nallow\n", "policy", "import", from, "--out", to.toString());
        assertThat(asked.exitCode()).isZero();
        assertThat(asked.err()).contains("has no default", "deny or allow?");
        assertThat(Files.readString(to)).isEqualTo(RULES.replace("version:", "default: allow\nversion:"));
        Said again = run("", "policy", "import", from, "--out", to.toString(), "--default", "deny");
        assertThat(again.exitCode()).as("a file is never overwritten").isEqualTo(2);
        assertThat(run("", "policy", "import", from, "--out", folder.resolve("x").toString()).exitCode())
                .as("nobody answers")
                .isEqualTo(2);
        Said standing = run("", "policy", "import", to.toString(), "--out", folder.resolve("y.yaml").toString());
        assertThat(standing.out()).contains("allow (as it was)");
    }

    @Test
    void importWritesIntoJsonToo() throws IOException {
        String from = file("from.json", " {\"version\":\"1\",\"tools\":{\"t\":{\"rules\":[]}}}");
        Path to = folder.resolve("to.json");

        assertThat(run("\n", "policy", "import", from, "--out", to.toString()).exitCode()).isZero();
        assertThat(Files.readString(to))
                .isEqualTo(" {\"default\":\"deny\",\"version\":\"1\",\"tools\":{\"t\":{\"rules\":[]}}}");
    }
}
