package io.agentpassport.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

    @Test
    void behavesAsASortedMapWhateverItsSize() {
        long seed = 20_260_103;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            var expected = new TreeMap<String, JsonValue>();
            JsonObject.Builder members = JsonObject.builder();
            for (int i = random.nextInt(80); i > 0; i--) {
                String name = Integer.toString(random.nextInt(1_000), 36);
                var value = new JsonNumber(i);
                if (expected.putIfAbsent(name, value) == null) {
                    members.put(name, value);
                }
            }
            JsonObject object = members.build();
            String name = Integer.toString(random.nextInt(1_000), 36);
            object = random.nextBoolean() ? object.with(name, JsonNull.NULL) : object.without(name);
            if (object.has(name)) {
                expected.put(name, JsonNull.NULL);
            } else {
                expected.remove(name);
            }

            assertThat(object.size()).as("seed %d, round %d", seed, round).isEqualTo(expected.size());
            int at = 0;
            for (var entry : expected.entrySet()) {
                assertThat(object.name(at)).isEqualTo(entry.getKey());
                assertThat(object.value(at++)).isEqualTo(entry.getValue()).isEqualTo(object.get(entry.getKey()));
            }
        }
    }

    @Test
    void refusesANameTwiceInEveryOrder() {
        for (int size : new int[]{2, 5, 40}) {
            JsonObject.Builder members = JsonObject.builder();
            for (int i = 1; i < size; i++) {
                members.put("n" + i, i);
            }
            assertThatIllegalArgumentException().isThrownBy(() -> members.put("n1", 0).build());
        }
    }

    @Test
    void absentAndNullAndWrongTypesReadAsNothing() {
        JsonObject object = JsonObject.builder()
                .put("null", (String) null)
                .put("text", "x")
                .put("number", 1)
                .put("list", List.of("a"))
                .put("mixed", new JsonArray(List.of(new JsonString("a"), JsonNull.NULL)))
                .build();

        assertThat(object.isUnset("null")).isTrue();
        assertThat(object.isUnset("absent")).isTrue();
        assertThat(object.isUnset("text")).isFalse();
        assertThat(object.has("null")).isTrue();
        assertThat(object.has("absent")).isFalse();
        assertThat(object.string("number")).isNull();
        assertThat(object.number("text")).isNull();
        assertThat(object.object("text")).isNull();
        assertThat(object.strings("mixed")).isNull();
        assertThat(object.strings("list")).containsExactly("a");
    }

    @Test
    void changingACopyLeavesTheOriginal() {
        JsonObject object = JsonObject.builder().put("a", 1).put("b", 2).build();

        assertThat(object.with("a", JsonNull.NULL)).isNotEqualTo(object);
        assertThat(object.without("b").size()).isEqualTo(1);
        assertThat(object.number("a")).isEqualTo(1);
        assertThat(object.size()).isEqualTo(2);
        assertThat(object.with("c", JsonNull.NULL).without("c")).isEqualTo(object).hasSameHashCodeAs(object);
    }

    @Test
    void showsNamesAndNoValues() {
        assertThat(JsonObject.builder().put("a", "secret").build()).hasToString("JsonObject[a]");
    }
}
