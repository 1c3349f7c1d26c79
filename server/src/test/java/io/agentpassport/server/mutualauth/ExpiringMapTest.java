package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.mutualauth.ExpiringMap.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ExpiringMapTest {

    private static final long LIFE = 100;

    @Test
    void answersAsAMapOfLastInstantsDoes() {
        for (long seed = 1; seed <= 200; seed++) {
            RandomGenerator random = new Random(seed);
            Map<Integer, Long> model = new HashMap<>();
            var map = new ExpiringMap<Integer, Integer>(LIFE, 8, value -> {});
            long now = 0;
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(20);
                int key = random.nextInt(16);
                long at = now;
                model.values().removeIf(last -> at > last);
                if (random.nextBoolean()) {
                    Put expected = model.containsKey(key) ? Put.PRESENT : model.size() == 8 ? Put.FULL : Put.ADDED;
                    assertThat(map.putIfAbsent(key, key, now)).as("seed %d step %d", seed, step).isEqualTo(expected);
                    model.putIfAbsent(key, now + LIFE);
                    if (expected == Put.FULL) {
                        model.remove(key);
                    }
                } else {
                    assertThat(map.get(key, now)).as("seed %d step %d", seed, step)
                            .isEqualTo(model.containsKey(key) ? key : null);
                }
            }
        }
    }

    @Test
    void tellsOfEachValueOnceWhenItsTimeIsOver() {
        List<String> ended = new ArrayList<>();
        var map = new ExpiringMap<Integer, String>(LIFE, 8, ended::add);
        map.putIfAbsent(1, "one", 0);
        map.putIfAbsent(2, "two", 1);

        map.forgetEnded(LIFE);
        assertThat(ended).isEmpty();
        map.forgetEnded(LIFE + 1);
        assertThat(ended).containsExactly("one");
        map.putIfAbsent(3, "three", LIFE + 2);
        map.forgetEnded(LIFE + 3);
        assertThat(ended).containsExactly("one", "two");
        assertThat(map.size()).isEqualTo(1);
    }

    @Test
    void ofRacingPutsOneIsAddedAndTheRoomIsNeverExceeded() throws Exception {
        var map = new ExpiringMap<Integer, Thread>(LIFE, 100, value -> {});
        for (int key = 0; key < 200; key++) {
            int same = key;
            List<Put> puts = HandshakesTest.race(16, () -> map.putIfAbsent(same, Thread.currentThread(), 0));
            assertThat(puts).filteredOn(Put.ADDED::equals).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(map.size()).isLessThanOrEqualTo(100);
    }
}
