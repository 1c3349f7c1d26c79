package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log says of a call, also of one that nobody let the agent make. */
class CallEntryTest {

    private final EngineWorld world = new EngineWorld();

    /** The names that are written down of a call with such arguments. */
    private JsonArray names(List<String> arguments) {
        JsonObject.Builder params = JsonObject.builder();
        arguments.forEach(name -> params.put(name, new JsonNumber(1)));
        IncomingCall call = world.call(0).params(params.build()).incoming();
        return (JsonArray) there(CallEntry.of(call, null).get("argument_names"));
    }

    private static List<String> many(int count, String name) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(name + (100 + i));
        }
        return names;
    }

    @Test
    void saysTheNamesOfArgumentsAsFarAsThereIsRoom() {
        assertThat(there(names(List.of("a", "b", "x".repeat(65))).strings())).containsExactly("a", "b", "(long)");
        assertThat(there(names(many(64, "n")).strings())).hasSize(64).doesNotContain("(more)");
        assertThat(there(names(many(65, "n")).strings())).hasSize(65).endsWith("(more)");
    }

    @Test
    void namesThatAreMeantToFillTheLogFillNothing() {
        for (String name : List.of("\u0001".repeat(61), "\u20ac".repeat(61), "x".repeat(61), "\"".repeat(61), "n")) {
            JsonArray names = names(many(64, name));
            assertThat(Jcs.bytes(names).length).as(name).isBetween(300, CallEntry.MAX_NAMES_BYTES);
            assertThat(there(names.strings()).contains("(more)")).isEqualTo(!name.equals("n"));
        }
    }
}
