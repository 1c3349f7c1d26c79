package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.server.audit.LogExport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a file is, told by its members: who names a wrong one is told which of those that this program writes it is. Whether
 * one of the right kind is sound, and whose, is for others to say.
 */
enum FileKind {
    RECEIPT("a receipt", "what call --receipt FILE writes", spec(Receipt.SPEC)),
    KEPT_REQUEST("a kept request",
            "what call writes to appr_….json when a person must approve, or with --save-request FILE",
            has("request", "session", "audience")),
    SESSION("a session", "what call leaves beside an identity", has("session", "partition", "audience")),
    IDENTITY("the certificate of an identity", "what issue writes", has("certificate", "publisher_pubkey_hex")),
    CALL_ANSWER("the answer of a call", "what call --json prints", has("code", "receipt", "policy")),
    LOG_EXPORT("an export of the log", "what audit export writes", spec(LogExport.SPEC)),
    TRUST_BUNDLE("a trust bundle", "what bundle get prints", has("anchors")),
    POLICY("a policy", "what policy put takes", has("version", "tools"));

    /** A receipt has at most 16 entries of 64 KiB, with what is private in them. */
    private static final JsonParser JSON = JsonParser.with(new JsonLimits(4 << 20, 64, 200_000, true, false));

    private final String noun;
    private final String origin;
    /** Holds nothing that changes. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Predicate<JsonObject> members;

    FileKind(String noun, String origin, Predicate<JsonObject> members) {
        this.noun = noun;
        this.origin = origin;
        this.members = members;
    }

    private static Predicate<JsonObject> spec(String spec) {
        return json -> spec.equals(json.string("spec"));
    }

    private static Predicate<JsonObject> has(String... names) {
        return json -> Arrays.stream(names).allMatch(name -> json.get(name) != null);
    }

    /** The JSON of a file of this kind; who names another is told what it is, and what was wanted. */
    JsonObject read(CliContext context, Path file) {
        byte[] bytes = Documents.bytes(context, file);
        JsonObject json = JSON.parse(bytes) instanceof JsonParser.Parsed parsed
                && parsed.value() instanceof JsonObject object ? object : null;
        if (json == null || !members.test(json)) {
            throw CommandFailure.unusable(Documents.name(file) + " is " + what(bytes, json) + ", and " + noun
                    + " was wanted: " + origin);
        }
        return json;
    }

    private static String what(byte[] bytes, @Nullable JsonObject json) {
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return "empty";
        }
        if (text.startsWith("-----BEGIN ")) {
            return text.contains("PRIVATE KEY-----") ? "a private key" : "a TLS certificate";
        }
        JsonObject first = json != null ? json : firstLine(text);
        for (FileKind kind : values()) {
            if (first != null && kind.members.test(first)) {
                return kind.noun;
            }
        }
        return json == null ? "no JSON" : "JSON, but nothing that this program writes";
    }

    /** Of a file with a document on each line. */
    private static @Nullable JsonObject firstLine(String text) {
        byte[] line = text.lines().findFirst().orElse("").getBytes(StandardCharsets.UTF_8);
        return JSON.parse(line) instanceof JsonParser.Parsed parsed && parsed.value() instanceof JsonObject object
                ? object
                : null;
    }
}
