package io.agentpassport.server.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.trust.TrustAnchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BindingConstraintsTest {

    private static final List<String> TEXTS = List.of("", "a", "b", "aa", "ab", "aaa", "a*", "aa*", "*", "b*", "a**");

    @Test
    void bothAllowExactlyWhatEachAllows() {
        long seed = 4711;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            List<String> first = some(random);
            List<String> second = some(random);
            List<String> both = BindingConstraints.both(first, second);
            for (String binding : TEXTS) {
                assertThat(allows(both, binding))
                        .as("seed %s: %s and %s about %s", seed, first, second, binding)
                        .isEqualTo(allows(first, binding) && allows(second, binding));
            }
        }
    }

    private static List<String> some(Random random) {
        List<String> some = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            some.add(TEXTS.get(1 + random.nextInt(TEXTS.size() - 1)));
        }
        return some;
    }

    private static boolean allows(List<String> constraints, String binding) {
        return constraints.isEmpty() || constraints.stream().anyMatch(one -> TrustAnchor.matches(one, binding));
    }
}
