package io.agentpassport.core.handshake;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first message of the handshake. It is not signed: it only offers.
 *
 * @param role what the sender is
 * @param supportedVersions the versions it speaks, highest first
 * @param nonceText its nonce, base64 of 16 bytes
 * @param timestampMillis unix milliseconds of its clock
 */
public record Hello(Role role, List<String> supportedVersions, String nonceText, double timestampMillis) {

    /** The version of the document's form. */
    public static final String SPEC_VERSION = "1.0";

    /** Copies the list. */
    public Hello {
        supportedVersions = List.copyOf(supportedVersions);
    }

    /** A hello with that nonce. */
    public static Hello of(Role role, List<String> supportedVersions, Nonce nonce, double timestampMillis) {
        return new Hello(role, supportedVersions, nonce.text(), timestampMillis);
    }

    /** The hello of that document, or null when a member is missing or malformed. */
    public static @Nullable Hello fromJson(JsonObject json) {
        Role role = Role.fromText(json.string("role"));
        List<String> versions = json.strings("supported_versions");
        Nonce nonce = Nonce.fromText(json.string("nonce_b64"));
        Double timestamp = json.number("timestamp");
        if (!SPEC_VERSION.equals(json.string("spec_version")) || role == null || !role.isSubject() || versions == null
                || nonce == null || timestamp == null) {
            return null;
        }
        return of(role, versions, nonce, timestamp);
    }

    /** The document. */
    public JsonObject json() {
        return JsonObject.builder()
                .put("spec_version", SPEC_VERSION)
                .put("role", role.text())
                .put("supported_versions", supportedVersions)
                .put("nonce_b64", nonceText)
                .put("timestamp", timestampMillis)
                .build();
    }
}
