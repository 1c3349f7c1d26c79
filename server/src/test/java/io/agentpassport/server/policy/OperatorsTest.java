package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', value = {
        // operator and value | argument x | whether it holds
        "eq 5 | 5.0 | true", "eq 5 | \"5\" | false", "eq 0 | -0 | true", "eq \"a\" | \"a\" | true",
        "eq {\"a\":[1]} | {\"a\":[1]} | true", "eq null | null | true",
        "eq [0] | [-0] | true", "in [{\"a\":0}] | {\"a\":-0} | true", "neq [0] | [-0] | false",
        "neq 5 | 6 | true", "neq 5 | 5 | false",
        "in [\"usd\",\"eur\"] | \"eur\" | true", "in [\"usd\",\"eur\"] | \"gbp\" | false", "in [0] | -0 | true",
        "not_in [1,2] | 3 | true", "not_in [1,2] | 2 | false",
        "lt 0.3 | 0.1 | true", "lte 500 | 500 | true", "lte 500 | 500.0000001 | false", "gt 1 | 1 | false",
        "gte 1 | 1 | true", "lte 0 | -0 | true", "gte 0 | -0 | true", "lt 10 | 9 | true",
        "lte 500 | \"499.99\" | true", "lte 500 | \"500.000000000000000001\" | false", "lte 500 | \"5e2\" | false",
        "lte 500 | \"x\" | false", "lte 500 | true | false", "lte 500 | null | false", "lt 5 | [1] | false",
        "lt \"2026-02-01\" | \"2026-01-31\" | true", "gte \"b\" | \"a\" | false", "lt \"5\" | 4 | false",
        "regex \"^[a-z]+$\" | \"abc\" | true", "regex \"^[a-z]+$\" | \"abc1\" | false", "regex \"b\" | \"abc\" | true",
        "regex \"b\" | 5 | false",
        "contains \"b\" | \"abc\" | true", "contains 2 | [1,2.0] | true", "contains 3 | [1,2] | false",
        "contains \"b\" | {\"b\":1} | false",
        "starts_with \"/tmp/\" | \"/tmp/a\" | true", "starts_with \"/tmp/\" | \"/etc\" | false",
        "ends_with \".txt\" | \"a.txt\" | true", "ends_with \".txt\" | \"a.txt.sh\" | false",
        "glob \"/tmp/*.txt\" | \"/tmp/a.txt\" | true", "glob \"/tmp/*.txt\" | \"/tmp/a/b.txt\" | false",
        "glob \"/tmp/**\" | \"/tmp/a/b.txt\" | true", "glob \"a?c\" | \"abc\" | true", "glob \"a?c\" | \"a/c\" | false",
        "glob \"a.c\" | \"abc\" | false", "glob \"é*\" | \"été\" | true",
        "cidr \"10.0.0.0/8\" | \"10.255.0.1\" | true", "cidr \"10.0.0.0/8\" | \"11.0.0.1\" | false",
        "cidr [\"10.0.0.0/8\",\"::1\"] | \"::1\" | true", "cidr \"10.0.0.0/8\" | \"::ffff:10.1.1.1\" | true",
        "cidr \"10.0.0.0/8\" | \"010.1.1.1\" | false", "cidr \"10.0.0.0/8\" | \"ten.example\" | false",
        "cidr \"10.0.0.0/8\" | \"10.1\" | false", "cidr \"2001:db8::/33\" | \"2001:db8:7fff::1\" | true",
        "cidr \"2001:db8::/33\" | \"2001:db8:8000::1\" | false",
        "host_in [\"api.example.com\"] | \"https://api.example.com/v1?q=1\" | true",
        "host_in [\"api.example.com\"] | \"https://API.example.com.:443/\" | true",
        "host_in [\"api.example.com\"] | \"https://api.example.com@evil.example/\" | false",
        "host_in [\"api.example.com\"] | \"https://evil.example@api.example.com/\" | false",
        "host_in [\"api.example.com\"] | \"https://evil.example\\\\@api.example.com/\" | false",
        "host_in [\"api.example.com\"] | \"https://evil.example/api.example.com\" | false",
        "host_in [\"*.example.com\"] | \"https://a.b.example.com\" | true",
        "host_in [\"*.example.com\"] | \"example.com\" | false",
        "host_in [\"*.example.com\"] | \"https://badexample.com\" | false",
        "host_in [\"localhost\"] | \"localhost:8080\" | true",
        "len_lte 3 | \"abc\" | true", "len_lte 3 | \"abcd\" | false", "len_lte 1 | \"😀\" | true",
        "len_lte 2 | [1,2,3] | false", "len_lte 2 | {\"a\":1} | true", "len_lte 2 | 1 | false",
        "type \"string\" | \"a\" | true", "type \"integer\" | 1.5 | false", "type \"integer\" | 2.0 | true",
        "type \"null\" | null | true", "type \"object\" | [] | false",
        "any {\"op\":\"eq\",\"value\":2} | [1,2] | true", "any {\"op\":\"eq\",\"value\":2} | [1] | false",
        "any {\"op\":\"eq\",\"value\":2} | [] | false", "all {\"op\":\"lt\",\"value\":9} | [1,2] | true",
        "all {\"op\":\"lt\",\"value\":9} | [1,10] | false", "all {\"op\":\"lt\",\"value\":9} | [1,\"x\"] | false",
        "all {\"op\":\"lt\",\"value\":9} | 1 | false",
        "all {\"path\":\"to\",\"op\":\"ends_with\",\"value\":\"@a.b\"} | [{\"to\":\"x@a.b\"}] | true",
        "all {\"path\":\"to\",\"op\":\"ends_with\",\"value\":\"@a.b\"} | [{\"too\":\"x@a.b\"}] | false",
        "not {\"op\":\"eq\",\"value\":1} | 2 | true", "not {\"op\":\"lt\",\"value\":1} | \"x\" | false",
        "any_of [{\"op\":\"eq\",\"value\":1},{\"op\":\"gt\",\"value\":5}] | 6 | true",
        "any_of [{\"op\":\"eq\",\"value\":1},{\"op\":\"gt\",\"value\":5}] | 3 | false",
        "exists true | null | true", "exists false | 1 | false",
    })
    void holdsOrNot(String operator, String argument, boolean holds) {
        String[] parts = operator.split(" ", 2);
        PolicyDocument document = Policy.requiring(
                "{\"path\":\"args.x\",\"op\":\"" + parts[0] + "\",\"value\":" + parts[1] + "}");

        assertThat(Policy.verdict(document, "t", "{\"x\":" + argument + "}").code())
                .isEqualTo(holds ? "ALLOWED" : "REQUIRE_FAILED");
    }

    @Test
    void whatIsMissingFailsWhicheverWayARuleAsks() {
        for (String operator : OperatorReader.OPERATORS) {
            if (operator.equals("exists")) {
                continue;
            }
            String value = switch (operator) {
                case "in", "not_in" -> "[1]";
                case "cidr" -> "\"10.0.0.0/8\"";
                case "any", "all", "not" -> "{\"op\":\"eq\",\"value\":1}";
                case "any_of" -> "[{\"op\":\"eq\",\"value\":1}]";
                case "len_lte", "lt", "lte", "gt", "gte" -> "1";
                default -> "\"string\"";
            };
            String condition = "{\"path\":\"args.x\",\"op\":\"" + operator + "\",\"value\":" + value + "}";

            assertThat(Policy.verdict(Policy.requiring(condition), "t", "{}").code()).as(operator)
                    .isEqualTo("REQUIRE_FAILED");
            assertThat(Policy.verdict(Policy.ofTool("{\"deny_if\":[{\"conditions\":[" + condition + "]}]}"), "t", "{}")
                    .code()).as("deny_if " + operator).isEqualTo("DENY_IF");
        }
    }

    @Test
    void existsIsAnsweredOfWhatIsMissing() {
        String optional = """
                {"deny_if":[{"conditions":[{"path":"args.x","op":"exists"},{"path":"args.x","op":"gt","value":5}]}]}""";

        assertThat(Policy.verdict(Policy.ofTool(optional), "t", "{}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(Policy.ofTool(optional), "t", "{\"x\":5}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(Policy.ofTool(optional), "t", "{\"x\":6}").code()).isEqualTo("DENY_IF");
        assertThat(Policy.verdict(Policy.ofTool(optional), "t", "{\"x\":[6]}").code()).isEqualTo("DENY_IF");
        assertThat(Policy.verdict(Policy.requiring("{\"path\":\"args.x\",\"op\":\"exists\",\"value\":false}"), "t",
                "{}").code()).isEqualTo("ALLOWED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', value = {
        "args.a.b | 1", "/args/a/b | 1", "args.list.1 | 20", "/args/x~1y/~0z | 3", "agent.grade | 2",
        "grant.scopes.0 | \"shop:charge\"", "session.id | \"s1\"", "proof | \"signature\"", "time.hour | 12",
        "time.weekday | \"wed\"", "time.date | \"2026-03-04\"", "time.iso | \"2026-03-04T12:00:00Z\"",
        "time.unix | 1772625600",
    })
    void pathsLeadToFacts(String path, String value) {
        String args = "{\"a\":{\"b\":1},\"list\":[10,20],\"x/y\":{\"~z\":3}}";
        PolicyDocument document = Policy.requiring(
                "{\"path\":\"" + path + "\",\"op\":\"eq\",\"value\":" + value + "}");

        assertThat(Policy.verdict(document, "t", args).code()).isEqualTo("ALLOWED");
    }

    @ParameterizedTest
    @CsvSource({"args.list.01", "args.list.-1", "args.list.2", "args.a.b.c", "args.A", "/args/a/"})
    void pathsThatLeadNowhereFail(String path) {
        PolicyDocument document = Policy.requiring("{\"path\":\"" + path + "\",\"op\":\"neq\",\"value\":77}");

        assertThat(Policy.verdict(document, "t", "{\"a\":{\"b\":1},\"list\":[10,20]}").code())
                .isEqualTo("REQUIRE_FAILED");
    }

    @Test
    void conditionsWithPathsOfTheirOwnCanBeAlternatives() {
        PolicyDocument document = Policy.requiring("""
                {"op":"any_of","value":[{"path":"args.dry_run","op":"eq","value":true},
                 {"op":"not","value":{"path":"agent.grade","op":"lt","value":3}}]}""");

        assertThat(Policy.verdict(document, "t", "{\"dry_run\":true}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(document, "t", "{\"dry_run\":false}").code()).isEqualTo("REQUIRE_FAILED");
    }

    @Test
    void aTextTooLongToBeMatchedFails() {
        PolicyDocument document = Policy.requiring("{\"path\":\"args.x\",\"op\":\"regex\",\"value\":\"a\"}");
        String most = "a".repeat(LinearPattern.MAX_MATCHED_CHARACTERS);

        assertThat(Policy.verdict(document, "t", "{\"x\":\"" + most + "\"}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(document, "t", "{\"x\":\"" + most + "a\"}").code()).isEqualTo("REQUIRE_FAILED");
    }
}
