package io.agentpassport.server.gateway.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A pattern narrows another when all that it gives is given by the other: held to all names of a small alphabet. */
class NarrowingTest {

    private static final List<String> NAMES = words(3);

    /** All words of a and b of 1 to so many letters. */
    private static List<String> words(int longest) {
        List<String> words = new ArrayList<>();
        List<String> last = List.of("");
        for (int i = 0; i < longest; i++) {
            List<String> next = new ArrayList<>();
            last.forEach(word -> next.addAll(List.of(word + "a", word + "b")));
            words.addAll(next);
            last = next;
        }
        return words;
    }

    private static List<ToolPattern> patterns() {
        List<ToolPattern> patterns = new ArrayList<>();
        for (String place : List.of("", "u/", "v/")) {
            for (String name : words(2)) {
                patterns.add(Objects.requireNonNull(ToolPattern.fromText(place + name)));
                patterns.add(Objects.requireNonNull(ToolPattern.fromText(place + name + "*")));
            }
            if (!place.isEmpty()) {
                patterns.add(Objects.requireNonNull(ToolPattern.fromText(place + "*")));
            }
        }
        return patterns;
    }

    /** What a pattern gives, of tools of two upstreams that are known and of one that is not. */
    private static List<String> given(ToolPattern pattern) {
        List<String> given = new ArrayList<>();
        for (String upstream : List.of("u", "v", "w")) {
            for (String name : NAMES) {
                if (pattern.matches(upstream, name)) {
                    given.add(upstream + "/" + name);
                }
            }
        }
        return given;
    }

    @Test
    void whatIsCoveredGivesNoToolThatIsNotGivenAbove() {
        for (ToolPattern above : patterns()) {
            for (ToolPattern below : patterns()) {
                assertThat(above.covers(below)).as("%s covers %s", above, below)
                        .isEqualTo(given(above).containsAll(given(below)));
            }
        }
    }

    @Test
    void aScopeCoversItselfAndWhatIsBelowAndNothingBeside() {
        ScopePattern scope = Objects.requireNonNull(ScopePattern.fromText("a:b"));
        assertThat(List.of("a:b", "a:b:c", "a:b:c:d")).allMatch(scope::covers);
        assertThat(List.of("a", "a:c", "a:bc", "a:b.", "b", "a:")).noneMatch(scope::covers);
        assertThat(Objects.requireNonNull(ScopePattern.fromText("a:*")).covers("a:b")).isTrue();
        assertThat(ScopePattern.fromText("*")).isNull();
        assertThat(ToolPattern.fromText("*")).as("there is no bare star").isNull();
    }
}
