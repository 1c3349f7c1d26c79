package io.agentpassport.server.cli.conformance;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.gateway.limit.CountersInMemory;
import io.agentpassport.server.gateway.limit.Remaining;
import io.agentpassport.server.gateway.limit.Reservation;
import io.agentpassport.server.gateway.limit.ReserveOutcome;
import io.agentpassport.server.gateway.limit.Subjects;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitList;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.ProofKind;
import io.agentpassport.server.policy.Window;
import io.agentpassport.vectors.Answers;
import io.agentpassport.vectors.Input;
import io.agentpassport.vectors.MalformedVectorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The primitive {@code limitScript}: calls and what became of them, at instants, against the limits of policies. */
final class LimitScript {

    private final Map<PolicyRef, List<LimitRule>> policies = new LinkedHashMap<>();
    private final List<JsonObject> steps;
    private final CountersInMemory counters = new CountersInMemory();
    private final Map<String, Taken> calls = new HashMap<>();

    /** One limit that a call is counted in. */
    private record Planned(String rule, LimitRule limit, CounterUse use) {}

    /** What an admitted call took. */
    private record Taken(List<Planned> planned, List<Reservation> reservations) {}

    LimitScript(Input input) {
        JsonObject documents = input.object("policies");
        for (int i = 0; i < documents.size(); i++) {
            PolicyRef ref = PolicyRef.fromText(documents.name(i));
            if (ref == null || !(documents.value(i) instanceof JsonArray limits)
                    || !(LimitList.read(limits) instanceof LimitList.Read read)) {
                throw new MalformedVectorException(documents.name(i) + " is no policy with limits");
            }
            policies.put(ref, read.limits());
        }
        steps = input.objects("steps");
    }

    JsonObject play() {
        List<JsonValue> answers = new ArrayList<>();
        for (JsonObject json : steps) {
            Input step = new Input(json);
            Instant at = Instant.ofEpochMilli((long) step.number("at_ms"));
            answers.add(step.isSet("call") ? call(step, at) : settle(step, at));
            step.requireAllRead();
        }
        return JsonObject.builder().put("answers", new JsonArray(answers)).build();
    }

    private JsonObject call(Input step, Instant at) {
        List<Planned> planned = new ArrayList<>();
        for (JsonObject json : step.objects("chain")) {
            Input link = new Input(json);
            PolicyRef ref = PolicyRef.fromText(link.text("policy"));
            List<LimitRule> limits = ref == null ? null : policies.get(ref);
            if (ref == null || limits == null) {
                throw new MalformedVectorException("no such policy: " + link.text("policy"));
            }
            Subjects subjects = subjects(step, link.text("grant"));
            CallFacts facts = facts(step, subjects, at);
            for (LimitRule limit : limits) {
                String rule = ref.rule(limit.pointer());
                switch (limit.charge(facts)) {
                    case LimitRule.Uncountable not -> {
                        return Answers.refused(PolicyCode.REQUIRE_FAILED.name()).with("rule", new JsonString(rule));
                    }
                    case LimitCharge charge -> {
                        CounterId counter = CounterId.of(charge, ref.id(), subjects.of(limit.scope()));
                        planned.add(new Planned(rule, limit, new CounterUse(counter, limit.max(), charge.cost())));
                    }
                }
            }
            link.requireAllRead();
        }
        return switch (counters.reserve(uses(planned), at)) {
            case ReserveOutcome.Reserved reserved -> {
                if (calls.put(step.text("call"), new Taken(planned, reserved.reservations())) != null) {
                    throw new MalformedVectorException("two calls named " + step.text("call"));
                }
                yield admitted(reserved.remaining());
            }
            case ReserveOutcome.Exceeded exceeded ->
                limited(planned.get(exceeded.index()), exceeded.left(), exceeded.resetsAt());
            case ReserveOutcome.Uncountable not -> limited(planned.get(not.index()), null, null);
        };
    }

    /** A call has ended: what was held while it ran goes back, and when it failed what is to be refunded. */
    private JsonObject settle(Input step, Instant at) {
        boolean failed = step.isSet("failed") && step.json().get("failed") == JsonBoolean.TRUE;
        Taken taken = calls.remove(step.text("settle"));
        if (taken == null) {
            throw new MalformedVectorException("no call is open that is named " + step.text("settle"));
        }
        List<Reservation> back = new ArrayList<>();
        for (int i = 0; i < taken.planned.size(); i++) {
            LimitRule limit = taken.planned.get(i).limit;
            if ((failed && limit.onError() == OnError.REFUND) || limit.window().equals(Window.INFLIGHT)) {
                back.add(taken.reservations.get(i));
            }
        }
        counters.refund(back, at);
        return admitted(counters.remaining(uses(taken.planned), at));
    }

    private static Subjects subjects(Input step, String grant) {
        Input tool = new Input(step.object("tool"));
        Subjects subjects = new Subjects(grant, step.text("agent"), step.text("principal"), step.text("session"),
                tool.text("upstream"), tool.text("name"));
        tool.requireAllRead();
        return subjects;
    }

    private static CallFacts facts(Input step, Subjects subjects, Instant at) {
        return new CallFacts(subjects.upstream(), subjects.tool(), step.object("args"),
                JsonObject.builder()
                        .put("binding", subjects.agent())
                        .put("principal", subjects.principal())
                        .build(),
                JsonObject.builder().put("id", subjects.grant()).build(),
                JsonObject.builder().put("id", subjects.session()).build(), ProofKind.SIGNATURE, at);
    }

    private static List<CounterUse> uses(List<Planned> planned) {
        return planned.stream().map(Planned::use).toList();
    }

    private static JsonObject admitted(List<Remaining> remaining) {
        List<JsonValue> rows = new ArrayList<>();
        for (Remaining one : remaining) {
            rows.add(withRoom(JsonObject.EMPTY, one.left(), one.resetsAt()));
        }
        return Answers.OK.with("remaining", new JsonArray(rows));
    }

    private static JsonObject limited(Planned planned, @Nullable Decimal left, @Nullable Instant resetsAt) {
        return withRoom(Answers.refused("LIMIT").with("rule", new JsonString(planned.rule)), left, resetsAt);
    }

    private static JsonObject withRoom(JsonObject answer, @Nullable Decimal left, @Nullable Instant resetsAt) {
        return answer.with("left", left == null ? JsonNull.NULL : new JsonString(left.text()))
                .with("resets_at_ms", resetsAt == null ? JsonNull.NULL : new JsonNumber(resetsAt.toEpochMilli()));
    }
}
