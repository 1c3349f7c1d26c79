package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every document on the page about the language is one, and does what its own tests say. */
class PolicyPageTest {

    private static final Pattern EXAMPLE = Pattern.compile("```(json|yaml)\n(.*?)```", Pattern.DOTALL);

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "policy.md"));
    }

    @Test
    void everyExampleLoadsAndPassesItsTests() throws IOException {
        List<String> examples = new ArrayList<>();
        for (Matcher matcher = EXAMPLE.matcher(page()); matcher.find();) {
            examples.add(matcher.group(2));
        }

        assertThat(examples).hasSizeGreaterThanOrEqualTo(6).allSatisfy(example -> {
            assertThat(PolicyParser.parse(example)).as(example).isInstanceOf(PolicyParser.Parsed.class);
            assertThat(Policy.parse(example).testsRun()).isPositive();
        });
    }

    @Test
    void everyOperatorIsOnThePage() throws IOException {
        String page = page();

        assertThat(OperatorReader.OPERATORS).allSatisfy(operator -> assertThat(page).contains("`" + operator + "`"));
        for (LimitScope scope : LimitScope.values()) {
            assertThat(page).contains("`" + scope.text() + "`");
        }
        for (LimitAlgorithm algorithm : LimitAlgorithm.values()) {
            assertThat(page).contains("`" + algorithm.text() + "`");
        }
        assertThat(TimeFacts.MEMBERS).allSatisfy(member -> assertThat(page).contains("`" + member + "`"));
    }
}
