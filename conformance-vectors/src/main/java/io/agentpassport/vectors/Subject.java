package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonObject;
import java.util.Set;

/** Who is asked the vectors: {@link CoreSubject}, all of this program, or a running service. */
public interface Subject {

    /** The primitives it can be asked, each one of {@link CoreSubject#primitives()} or {@link GatewayPrimitives#NAMES}. */
    Set<String> primitives();

    /** Whether it can be asked this very input; a vector that it cannot is counted apart. */
    default boolean serves(String primitive, JsonObject input) {
        return primitives().contains(primitive);
    }

    /**
     * Its answer. What cannot be parsed or canonicalised is answered with {@code {error, error_reason, error_path}}.
     *
     * @param primitive one of {@link #primitives()}
     * @param input the vector's input, which has a canonical form
     * @throws MalformedVectorException when the input lacks something, or has something that nobody asked for
     */
    JsonObject answer(String primitive, JsonObject input);
}
