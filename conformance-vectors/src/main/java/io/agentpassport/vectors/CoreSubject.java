package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Module core, in this process: it answers every primitive but the {@link GatewayPrimitives}. */
public final class CoreSubject implements Subject {

    private static final Map<String, Primitive> PRIMITIVES = primitives(JsonPrimitives.ALL, Ed25519Primitives.ALL,
            CertificatePrimitives.ALL, TrustPrimitives.ALL, HandshakePrimitives.ALL, SessionPrimitives.ALL,
            StatementPrimitives.ALL, ToolCallPrimitives.ALL, EvidencePrimitives.ALL);

    /** The only one needed: it holds nothing. */
    public CoreSubject() {}

    @Override
    public Set<String> primitives() {
        return PRIMITIVES.keySet();
    }

    @Override
    public JsonObject answer(String primitive, JsonObject input) {
        Primitive asked = PRIMITIVES.get(primitive);
        if (asked == null) {
            throw new MalformedVectorException("unknown primitive " + primitive);
        }
        var reading = new Input(input);
        JsonObject answer = asked.answer(reading);
        reading.requireAllRead();
        return answer;
    }

    @SafeVarargs
    private static Map<String, Primitive> primitives(Map<String, Primitive>... groups) {
        var all = new HashMap<String, Primitive>();
        for (Map<String, Primitive> group : groups) {
            group.forEach((name, primitive) -> {
                if (all.put(name, primitive) != null) {
                    throw new IllegalStateException("two primitives named " + name);
                }
            });
        }
        return Map.copyOf(all);
    }
}
