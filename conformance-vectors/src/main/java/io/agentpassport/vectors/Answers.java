package io.agentpassport.vectors;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.Rejected;
import java.nio.charset.StandardCharsets;

/** The forms in which vectors hold answers. */
final class Answers {

    /** {@code {ok: true}}. */
    static final JsonObject OK = ok(true);

    private Answers() {}

    static JsonObject ok(boolean ok) {
        return JsonObject.builder().put("ok", JsonBoolean.of(ok)).build();
    }

    static JsonString text(String text) {
        return new JsonString(text);
    }

    static JsonObject refused(String reason) {
        return JsonObject.builder().put("ok", JsonBoolean.FALSE).put("reason", reason).build();
    }

    static JsonObject rejected(Rejected rejected) {
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
}
