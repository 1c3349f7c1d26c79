package io.agentpassport.server.policy;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it was put. It never changes.
 *
 * @param ref
 *            which
 * @param text
 *            the document as it was written
 * @param format
 *            how
 * @param putAt
 *            when, in whole milliseconds
 * @param putBy
 *            the name of an admin, or {@code file:} and the name of a watched file; at most
 *            {@link #MAX_WORDS_CHARACTERS} characters
 * @param reason
 *            why, at most {@link #MAX_WORDS_CHARACTERS} characters; may be empty
 * @param document
 *            what the text says; of a text that this program no longer takes, a document that denies every call
 */
public record PolicyVersion(PolicyRef ref, String text, PolicyFormat format, Instant putAt, String putBy, String reason,
        PolicyDocument document) {

    /** The longest name and reason, in characters. */
    public static final int MAX_WORDS_CHARACTERS = 256;

    /** SHA-256 of the text, {@code sha256:} and hex. */
    public String digest() {
        return digest(text);
    }

    static String digest(String text) {
        return Digest.sha256Text(text.getBytes(StandardCharsets.UTF_8));
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("id", ref.id())
                .put("version", (double) ref.version())
                .put("text", text)
                .put("format", format.name())
                .put("put_at", (double) putAt.toEpochMilli())
                .put("put_by", putBy)
                .put("reason", reason)
                .build();
    }

    static @Nullable PolicyVersion fromJson(JsonObject json) {
        String id = json.string("id");
        Double version = json.number("version");
        String text = json.string("text");
        Double putAt = json.number("put_at");
        if (id == null || version == null || text == null || putAt == null) {
            return null;
        }
        PolicyFormat format = "JSON".equals(json.string("format")) ? PolicyFormat.JSON : PolicyFormat.YAML;
        PolicyDocument document = documentOf(text, format);
        return new PolicyVersion(new PolicyRef(id, version.longValue()), text, format,
                Instant.ofEpochMilli(putAt.longValue()), Objects.requireNonNullElse(json.string("put_by"), ""),
                Objects.requireNonNullElse(json.string("reason"), ""), document);
    }

    /** What a stored text says: of one that this program no longer takes, a document that denies every call. */
    public static PolicyDocument documentOf(String text) {
        return documentOf(text, PolicyFormat.of(text));
    }

    private static PolicyDocument documentOf(String text, PolicyFormat format) {
        return PolicyParser.parse(text, format) instanceof PolicyParser.Parsed parsed
                ? parsed.document()
                : PolicyDocument.UNREADABLE;
    }

    /** Not the document: the text says it all. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PolicyVersion that && ref.equals(that.ref) && text.equals(that.text)
                && format == that.format && putAt.equals(that.putAt) && putBy.equals(that.putBy)
                && reason.equals(that.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ref, text, putAt);
    }

    @Override
    public String toString() {
        return ref.text();
    }
}
