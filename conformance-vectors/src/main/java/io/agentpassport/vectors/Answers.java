package io.agentpassport.vectors;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.session.Session;
import java.nio.charset.StandardCharsets;

/** The forms in which vectors hold answers, for everybody who is asked them. */
public final class Answers {

    /** {@code {ok: true}}. */
    public static final JsonObject OK = ok(true);

    private Answers() {}

    static JsonObject ok(boolean ok) {
        return JsonObject.builder().put("ok", JsonBoolean.of(ok)).build();
    }

    static JsonString text(String text) {
        return new JsonString(text);
    }

    /** {@code {ok: false, reason}}. */
    public static JsonObject refused(String reason) {
        return JsonObject.builder().put("ok", JsonBoolean.FALSE).put("reason", reason).build();
    }

    /** {@code {error, error_reason, error_path}}. */
    public static JsonObject rejected(Rejected rejected) {
        return JsonObject.builder()
                .put("error", rejected.error())
                .put("error_reason", rejected.reason())
                .put("error_path", rejected.path())
                .build();
    }

    /** {@code {canonical_json, canonical_sha256}} of a value's canonical bytes. */
    static JsonObject.Builder canonical(byte[] canonical) {
        return JsonObject.builder()
                .put("canonical_json", new String(canonical, StandardCharsets.UTF_8))
                .put("canonical_sha256", Digest.sha256Text(canonical));
    }

    /** As {@link #canonical(byte[])}, or the refusal to canonicalise. */
    static JsonObject canonical(Jcs.Outcome outcome) {
        return switch (outcome) {
            case Jcs.Canonical canonical -> canonical(canonical.bytes()).build();
            case Rejected rejected -> rejected(rejected);
        };
    }

    /** {@code {ok: false, reason, detail?}}: an attest that is refused. */
    public static JsonObject refused(Failure failure) {
        return withFailure(ok(false), failure);
    }

    /** {@code {ok: false, failure: {reason, detail?}}}: a session that is not derived. */
    public static JsonObject notDerived(Failure failure) {
        return ok(false).with("failure", withFailure(JsonObject.EMPTY, failure));
    }

    /** {@code {ok: true, session_id, ...}}: a session that is derived, with its canonical form. */
    public static JsonObject derived(Session session) {
        byte[] canonical = session.canonicalBytes();
        return JsonObject.builder()
                .put("ok", JsonBoolean.TRUE)
                .put("session_id", session.id().text())
                .put("established_at", session.establishedAtMillis())
                .put("expires_at", session.expiresAtMillis())
                .put("agent_cert_id", session.agentCertificate().id().text())
                .put("is_cert_id", session.systemCertificate().id().text())
                .put("session_canonical_sha256", Digest.sha256Text(canonical))
                .put("session_canonical_json", new String(canonical, StandardCharsets.UTF_8))
                .build();
    }

    private static JsonObject withFailure(JsonObject answer, Failure failure) {
        JsonObject withReason = answer.with("reason", text(failure.reason().text()));
        String detail = failure.detail();
        return detail == null ? withReason : withReason.with("detail", text(detail));
    }
}
