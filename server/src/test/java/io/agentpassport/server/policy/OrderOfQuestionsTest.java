package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of two things in one policy that stop a call the earlier is the answer, in whatever order the document has them. */
class OrderOfQuestionsTest {

    /** What stops the call, in the order in which it is asked. */
    enum Question {
        REQUIRE_FAILED("\"require\":[{\"path\":\"args.no\",\"op\":\"eq\",\"value\":1}]"),
        DENY_IF("\"deny_if\":[{\"conditions\":[{\"path\":\"args\",\"op\":\"type\",\"value\":\"object\"}]}]"),
        SCHEDULE("\"schedule\":{\"not_after\":\"2001-01-01T00:00:00Z\"}"),
        SCHEMA("\"args_schema\":{\"type\":\"object\",\"required\":[\"no\"]}"),
        APPROVAL_REQUIRED("\"require_approval\":true"),
        LIMIT("\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":1}]");

        private final String member;

        Question(String member) {
            this.member = member;
        }
    }

    static Stream<List<Question>> pairs() {
        List<List<Question>> pairs = new ArrayList<>();
        for (Question one : Question.values()) {
            for (Question other : Question.values()) {
                pairs.add(List.of(one, other));
            }
        }
        return pairs.stream();
    }

    private static String code(String document) {
        return Policy.verdict(Policy.parse(document), "t", "{}", Map.of("c", "1")).code();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void ofTwoThatStopACallTheEarlierAnswers(List<Question> pair) {
        Question one = pair.get(0);
        Question other = pair.get(1);
        String members = one == other ? one.member : one.member + "," + other.member;

        assertThat(code("{\"version\":\"1\",\"tools\":{\"t\":{" + members + "}}}"))
                .isEqualTo((one.compareTo(other) < 0 ? one : other).name());
        // Also when one of them is said of all tools.
        if (one != Question.APPROVAL_REQUIRED && one != other) {
            assertThat(code(
                    "{\"version\":\"1\",\"all_tools\":{" + one.member + "},\"tools\":{\"t\":{" + other.member + "}}}"))
                    .isEqualTo((one.compareTo(other) < 0 ? one : other).name());
        }
    }

    @Test
    void aToolThatIsNotNamedIsNotAskedAnythingElse() {
        for (Question question : Question.values()) {
            assertThat(code("{\"version\":\"1\",\"all_tools\":{" + question.member + "},\"tools\":{\"other\":{}}}"))
                    .isEqualTo("DEFAULT_DENY");
        }
    }
}
