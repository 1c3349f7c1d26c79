package io.agentpassport.vectors;

import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionAgreement;
import io.agentpassport.core.session.SessionDerivation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions: derived, compared, active (docs/protocol.md, "Checks" and "What the service adds"). */
final class SessionPrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "deriveSession", input -> derived(derive(input)).without("session_canonical_json"),
            "sessionRecord", input -> derived(derive(input)),
            "deriveVerifiedSession", SessionPrimitives::deriveVerified,
            "acceptSessionRecord", SessionPrimitives::acceptRecord,
            "isSessionActive", SessionPrimitives::isActive);

    private SessionPrimitives() {}

    private static SessionDerivation.Outcome derive(Input input) {
        return SessionDerivation.derive(attest(input, "agent_attest"), attest(input, "is_attest"), maximum(input),
                input.number("now_ms"));
    }

    private static JsonObject deriveVerified(Input input) {
        Attest agent = attest(input, "agent_attest");
        Attest system = attest(input, "is_attest");
        Long maximum = maximum(input);
        double now = input.number("now_ms");
        var agentSide = new Input(input.object("agent_side"));
        var systemSide = new Input(input.object("is_side"));
        return HandshakePrimitives.withVerifier(agentSide,
                ofAgent -> HandshakePrimitives.withVerifier(systemSide, ofSystem -> derived(
                        SessionDerivation.deriveVerified(agent, system, ofAgent, ofSystem, maximum, now))));
    }

    private static JsonObject acceptRecord(Input input) {
        var policy = new Input(input.object("policy"));
        Long skew = policy.integerOrNull("max_clock_skew_ms");
        SessionAgreement agreement = SessionAgreement.compare(input.object("session"), attest(input, "agent_attest"),
                attest(input, "is_attest"), skew == null ? 0 : skew, policy.integerOrNull("max_session_ms"),
                input.number("now_ms"));
        return Answers.ok(agreement == SessionAgreement.AGREED);
    }

    private static JsonObject isActive(Input input) {
        Session session = Session.fromJson(input.object("session"));
        boolean active = session != null && session.isActiveAt(input.number("now_ms"));
        return JsonObject.builder().put("active", JsonBoolean.of(active)).build();
    }

    private static Attest attest(Input input, String member) {
        return new Attest(input.object(member));
    }

    private static @Nullable Long maximum(Input input) {
        return new Input(input.object("policy")).integerOrNull("max_session_ms");
    }

    private static JsonObject derived(SessionDerivation.Outcome outcome) {
        return switch (outcome) {
            case SessionDerivation.Refused refused -> Answers.notDerived(refused.failure());
            case SessionDerivation.Derived derived -> Answers.derived(derived.session());
        };
    }
}
