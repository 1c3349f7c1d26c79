package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import java.util.List;

/** Limits that stand outside of a policy, as a grant has them: written and checked as in one. */
public final class LimitList {

    private LimitList() {}

    /** What reading answers. */
    public sealed interface Outcome {}

    /** They are limits; their pointers read {@code /limits/0}. */
    public record Read(List<LimitRule> limits) implements Outcome {

        /** Copies the list. */
        public Read {
            limits = List.copyOf(limits);
        }
    }

    /** They are not. */
    public record Invalid(List<Problem> problems) implements Outcome {

        /** Copies the list. */
        public Invalid {
            problems = List.copyOf(problems);
        }
    }

    /** Reads them. */
    public static Outcome read(JsonArray limits) {
        var problems = new Problems();
        JsonObject around = JsonObject.builder().put("limits", limits).build();
        List<LimitRule> rules = new LimitReader(problems).list(new Members(around, "", problems));
        return problems.isEmpty() ? new Read(rules) : new Invalid(problems.all());
    }
}
