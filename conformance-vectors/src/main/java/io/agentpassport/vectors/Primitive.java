package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonObject;

/** How core answers one kind of question: the arguments are read from the input, the answer is in the vectors' form. */
@FunctionalInterface
interface Primitive {

    JsonObject answer(Input input);
}
