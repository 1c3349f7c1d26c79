package io.agentpassport.server.cli.conformance;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.vectors.CoreSubject;
import io.agentpassport.vectors.GatewayPrimitives;
import io.agentpassport.vectors.Input;
import io.agentpassport.vectors.MalformedVectorException;
import io.agentpassport.vectors.Subject;
import java.util.HashSet;
import java.util.Set;

/** All of this program: the library of the protocol, and what the gateway decides by, without its store. */
public final class ProgramSubject implements Subject {

    private static final CoreSubject CORE = new CoreSubject();

    /** The only one needed: it holds nothing. */
    public ProgramSubject() {}

    @Override
    public Set<String> primitives() {
        Set<String> all = new HashSet<>(CORE.primitives());
        all.addAll(GatewayPrimitives.NAMES);
        return Set.copyOf(all);
    }

    @Override
    public JsonObject answer(String primitive, JsonObject input) {
        if (!GatewayPrimitives.NAMES.contains(primitive)) {
            return CORE.answer(primitive, input);
        }
        Input reading = new Input(input);
        JsonObject answer = switch (primitive) {
            case "readPolicy" -> PolicyQuestions.read(reading);
            case "policyText" -> PolicyQuestions.text(reading);
            case "policyTools" -> PolicyQuestions.tools(reading);
            case "judgePolicy" -> PolicyQuestions.judge(reading);
            case "judgeResult" -> PolicyQuestions.result(reading);
            case "limitScript" -> new LimitScript(reading).play();
            default -> throw new MalformedVectorException("unknown primitive " + primitive);
        };
        reading.requireAllRead();
        return answer;
    }
}
