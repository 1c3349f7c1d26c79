package io.agentpassport.core.session;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The record that both sides hold of one session, byte for byte alike in its canonical form.
 *
 * @param id derived from both certificates and both nonces
 * @param agentCertificate the agent's, whole
 * @param systemCertificate the information system's, whole
 * @param chosenVersion the protocol version
 * @param agentNonceText base64
 * @param systemNonceText base64
 * @param establishedAtMillis first instant, unix milliseconds
 * @param expiresAtMillis last instant, unix milliseconds
 */
public record Session(SessionId id, Certificate agentCertificate, Certificate systemCertificate, String chosenVersion,
        String agentNonceText, String systemNonceText, double establishedAtMillis, double expiresAtMillis) {

    /** The version of the document's form. */
    public static final String SPEC_VERSION = "1.0";

    /** The record that the document holds, or null when a member is missing or malformed. Nothing is verified. */
    public static @Nullable Session fromJson(JsonObject json) {
        SessionId id = SessionId.fromText(json.string("session_id"));
        JsonObject agent = json.object("agent_cert");
        JsonObject system = json.object("is_cert");
        String version = json.string("chosen_version");
        String agentNonce = json.string("agent_nonce_b64");
        String systemNonce = json.string("is_nonce_b64");
        Double established = json.number("established_at");
        Double expires = json.number("expires_at");
        if (!SPEC_VERSION.equals(json.string("spec_version")) || id == null || agent == null || system == null
                || version == null || agentNonce == null || systemNonce == null || established == null
                || expires == null) {
            return null;
        }
        return new Session(id, Certificate.received(agent), Certificate.received(system), version, agentNonce,
                systemNonce, established, expires);
    }

    /** The document. */
    public JsonObject json() {
        return JsonObject.builder()
                .put("spec_version", SPEC_VERSION)
                .put("session_id", id.text())
                .put("agent_cert", agentCertificate.json())
                .put("is_cert", systemCertificate.json())
                .put("chosen_version", chosenVersion)
                .put("agent_nonce_b64", agentNonceText)
                .put("is_nonce_b64", systemNonceText)
                .put("established_at", establishedAtMillis)
                .put("expires_at", expiresAtMillis)
                .build();
    }

    /** The bytes that both sides compare. */
    public byte[] canonicalBytes() {
        return Jcs.bytes(json());
    }

    /** Whether it is active at an instant, unix milliseconds: all bounds are inclusive. */
    public boolean isActiveAt(double nowMillis) {
        return establishedAtMillis <= nowMillis && nowMillis <= expiresAtMillis
                && isWithinLife(agentCertificate, nowMillis) && isWithinLife(systemCertificate, nowMillis);
    }

    private static boolean isWithinLife(Certificate certificate, double nowMillis) {
        Double notAfter = certificate.json().number("not_after");
        return notAfter != null && nowMillis <= notAfter;
    }
}
