package io.agentpassport.vectors;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.json.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Whether a subject's answer to a vector is the right one, under the rules that the vector's tags set. */
final class Judgement {

    /** The reference accepts; whoever follows docs/protocol.md refuses. */
    private static final Set<String> MUST_REFUSE = Set.of("upstream-weak", "upstream-lenient");
    /** The pure derivation answers so; a verified one refuses, or ends the session earlier. */
    private static final String UNVERIFIED = "unverified-derivation";
    /** The tags that change how an answer is judged. */
    static final Set<String> TAGS = Set.of("upstream-weak", "upstream-lenient", UNVERIFIED);

    private static final String VERIFIED_DERIVATION = "deriveVerifiedSession";

    private final Subject subject;

    Judgement(Subject subject) {
        this.subject = subject;
    }

    /** Asks one vector; {@code siblings} are all vectors of its file. */
    Result judge(TestVector vector, List<TestVector> siblings) {
        JsonObject got = ask(vector.primitive(), vector.input());
        if (vector.tags().stream().anyMatch(MUST_REFUSE::contains)) {
            return new Result(vector.id(), isRefusal(got), "a refusal", show(got));
        }
        JsonObject expected = vector.expected();
        if (!isSame(expected, got)) {
            return Result.failed(vector.id(), show(expected), show(got));
        }
        if (vector.tags().contains(UNVERIFIED)) {
            return judgeVerified(vector, got, siblings);
        }
        return new Result(vector.id(), true, show(expected), show(got));
    }

    /** Documents pass the gate before anybody reads them; JSON text and bytes in the input are its primitive's. */
    private JsonObject ask(String primitive, JsonObject input) {
        return Jcs.canonicalize(input) instanceof Rejected rejected
                ? Answers.rejected(rejected)
                : subject.answer(primitive, input);
    }

    private Result judgeVerified(TestVector vector, JsonObject pure, List<TestVector> siblings) {
        if (siblings.stream().noneMatch(this::isSoundPair)) {
            return Result.failed(vector.id(), "an untampered pair that the verified derivation takes", "none");
        }
        JsonObject verified = ask(VERIFIED_DERIVATION, withSides(vector.input()));
        Double end = verified.number("expires_at");
        Double pureEnd = pure.number("expires_at");
        boolean clamped = end != null && pureEnd != null && end < pureEnd;
        return new Result(vector.id(), clamped || isRefusal(verified),
                "a refusal, or an earlier end, by the verified derivation", show(verified));
    }

    private boolean isSoundPair(TestVector vector) {
        if (!vector.primitive().equals("deriveSession") || !vector.tags().isEmpty()) {
            return false;
        }
        JsonValue end = vector.expected().get("expires_at");
        return end != null && end.equals(ask(VERIFIED_DERIVATION, withSides(vector.input())).get("expires_at"));
    }

    /** The input of the verified derivation: both certificates' issuers as anchors, one policy for both sides. */
    private static JsonObject withSides(JsonObject input) {
        var anchors = new JsonArray(List.of(issuerOf(input, "agent_attest"), issuerOf(input, "is_attest")));
        JsonObject side = JsonObject.builder()
                .put("policy", new Input(input).object("policy"))
                .put("trust_anchors", anchors)
                .build();
        return input.with("agent_side", side).with("is_side", side);
    }

    private static JsonObject issuerOf(JsonObject input, String attest) {
        Input certificate = new Input(new Input(new Input(input).object(attest)).object("certificate"));
        return JsonObject.builder()
                .put("anchor_id", certificate.text("issuer_id"))
                .put("display_name", certificate.text("issuer_id"))
                .put("role", certificate.text("issuer_role"))
                .put("pubkey_hex", certificate.text("issuer_pubkey_hex"))
                .put("not_before", 0)
                .put("not_after", (double) JsonNumber.MAX_SAFE_INTEGER)
                .build();
    }

    private static boolean isRefusal(JsonObject answer) {
        return answer.get("ok") == JsonBoolean.FALSE || answer.has("error");
    }

    private static boolean isSame(JsonObject expected, JsonObject got) {
        // The reference does not always say where it fails; where it does, the place counts.
        boolean silentOnPath = expected.has("error") && !expected.has("error_path");
        return expected.equals(silentOnPath ? got.without("error_path") : got);
    }

    private static String show(JsonObject answer) {
        return Jcs.canonicalize(answer) instanceof Jcs.Canonical canonical
                ? new String(canonical.bytes(), StandardCharsets.UTF_8)
                : "an answer without a canonical form, with members " + answer;
    }
}
