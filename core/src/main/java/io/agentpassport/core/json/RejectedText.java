package io.agentpassport.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Why a text was rejected, in words for people. Programs have the words of {@link Rejected}. */
final class RejectedText {

    private RejectedText() {}

    /** What is to be read after the text's name. */
    static String of(Rejected rejected, byte[] utf8, JsonLimits limits, JsonFactory factory) {
        return switch (rejected.error() + "." + rejected.reason()) {
            case "too_large.bytes" -> "is too large: " + utf8.length + " bytes, and at most " + limits.maxBytes()
                    + " are taken";
            case "too_large.depth" -> "nests objects and arrays more than " + limits.maxDepth() + " deep";
            case "too_large.tokens" -> "holds too much: more than " + limits.maxTokens()
                    + " names, values and brackets";
            case "invalid_unicode.utf8" -> "is not UTF-8 text";
            case "invalid_unicode.byte_order_mark" ->
                "begins with a byte order mark; save it as UTF-8 without one";
            case "invalid_unicode.lone_surrogate" -> "holds half of a character (a lone \\ud800 to \\udfff)"
                    + at(rejected);
            case "invalid_json.syntax" -> syntax(utf8, factory);
            case "invalid_json.duplicate_name" -> "names a member twice in the same object";
            case "invalid_json.trailing_content" -> "goes on after its JSON is complete";
            case "invalid_json.not_an_object" -> "is JSON, but no object: {...} was expected";
            case "invalid_number.non_finite" -> "holds a number that is too large" + at(rejected);
            default -> "was rejected: " + rejected;
        };
    }

    private static String at(Rejected rejected) {
        return rejected.path().equals("$") ? "" : " at " + rejected.path();
    }

    private static String syntax(byte[] utf8, JsonFactory factory) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            return "is empty";
        }
        try (var tokens = factory.createParser(text)) {
            while (tokens.nextToken() != null) {
                // Only where it fails is of interest.
            }
            return "is not JSON";
        } catch (JsonEOFException e) {
            return "is not JSON: it ends in the middle";
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            return "is not JSON: see line " + at.getLineNr() + ", column " + at.getColumnNr();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }
}
