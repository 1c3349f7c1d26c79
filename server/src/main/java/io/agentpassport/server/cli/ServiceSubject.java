package io.agentpassport.server.cli;

import io.agentpassport.client.Judgement;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.Questions;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.session.Session;
import io.agentpassport.vectors.Answers;
import io.agentpassport.vectors.Subject;
import io.agentpassport.wire.ErrorReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A running service, asked the vectors for what it serves: its stateless questions. */
final class ServiceSubject implements Subject {

    /** The last instant that a message can carry: the year 9999. */
    private static final double MAX_MILLIS = 253_402_300_799_999.0;

    private static final JsonParser RECORD = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final Questions service;
    private final Map<String, Question> questions = Map.of("verifyAttest", this::verifyAttest,
            "deriveSession", input -> derive(input).without("session_canonical_json"),
            "sessionRecord", this::derive,
            "deriveVerifiedSession", this::deriveVerified,
            "verifyBundle", this::verifyBundle);

    /** One question about the vector's input. */
    @FunctionalInterface
    private interface Question {
        JsonObject ask(JsonObject input);
    }

    ServiceSubject(Questions service) {
        this.service = service;
    }

    @Override
    public Set<String> primitives() {
        return questions.keySet();
    }

    /** A message carries whole milliseconds up to the year 9999, and no list of revoked certificates. */
    @Override
    public boolean serves(String primitive, JsonObject input) {
        return questions.containsKey(primitive) && input.get("now_ms") instanceof JsonNumber now && now.isInteger()
                && now.value() >= 0 && now.value() <= MAX_MILLIS && !input.has("revoked_certificate_ids")
                && !side(input, "agent_side").has("revoked_certificate_ids")
                && !side(input, "is_side").has("revoked_certificate_ids");
    }

    @Override
    public JsonObject answer(String primitive, JsonObject input) {
        Question question = questions.get(primitive);
        if (question == null) {
            throw new IllegalArgumentException("not served: " + primitive);
        }
        try {
            return question.ask(input);
        } catch (PassportException e) {
            if (e.errorReason() == ErrorReason.DOCUMENT_REJECTED) {
                Map<String, String> said = e.metadata();
                return Answers.rejected(new Rejected(said.getOrDefault("error", ""), said.getOrDefault("reason", ""),
                        said.getOrDefault("path", "")));
            }
            throw e;
        }
    }

    private JsonObject verifyAttest(JsonObject input) {
        Failure failure = service.verifyAttest(document(input, "attest"), text(input, "expected_peer_nonce_b64"),
                text(input, "expected_own_nonce_b64"), judgement(input, input));
        return failure == null ? Answers.OK : Answers.refused(failure);
    }

    private JsonObject derive(JsonObject input) {
        return answer(service.deriveOnly(document(input, "agent_attest"), document(input, "is_attest"),
                judgement(input, JsonObject.EMPTY)));
    }

    private JsonObject deriveVerified(JsonObject input) {
        return answer(service.deriveSession(document(input, "agent_attest"), document(input, "is_attest"),
                judgement(input, JsonObject.EMPTY), judgement(side(input, "agent_side"), side(input, "agent_side")),
                judgement(side(input, "is_side"), side(input, "is_side"))));
    }

    private JsonObject verifyBundle(JsonObject input) {
        List<String> trusted = input.strings("trusted_publisher_pubkeys_hex");
        String failure = service.verifyTrustBundle(document(input, "bundle"), trusted == null ? List.of() : trusted,
                now(input));
        return failure == null ? Answers.OK : Answers.refused(failure);
    }

    private static JsonObject answer(Questions.Derivation derivation) {
        return switch (derivation) {
            case Questions.NotDerived none -> Answers.notDerived(none.failure());
            case Questions.Derived derived -> {
                Session session = RECORD.parse(derived.sessionJson()) instanceof JsonParser.Parsed parsed
                        ? Session.fromJson(parsed.object())
                        : null;
                if (session == null) {
                    throw new IllegalStateException("the service answered no session record");
                }
                yield Answers.derived(session);
            }
        };
    }

    private static Judgement judgement(JsonObject input, JsonObject anchorsIn) {
        List<JsonObject> anchors = null;
        if (anchorsIn.get("trust_anchors") instanceof JsonArray array) {
            anchors = new ArrayList<>();
            for (JsonValue value : array.values()) {
                anchors.add((JsonObject) value);
            }
        }
        List<String> revoked = anchorsIn.strings("revoked_anchor_ids");
        return new Judgement(input.object("policy"), anchors, revoked == null ? List.of() : revoked, now(input));
    }

    private static @Nullable Instant now(JsonObject input) {
        Double now = input.number("now_ms");
        return now == null ? null : Instant.ofEpochMilli(now.longValue());
    }

    private static JsonObject side(JsonObject input, String member) {
        JsonObject side = input.object(member);
        return side == null ? JsonObject.EMPTY : side;
    }

    private static byte[] document(JsonObject input, String member) {
        JsonObject document = input.object(member);
        return Jcs.bytes(document == null ? JsonObject.EMPTY : document);
    }

    private static String text(JsonObject input, String member) {
        String text = input.string(member);
        return text == null ? "" : text;
    }
}
