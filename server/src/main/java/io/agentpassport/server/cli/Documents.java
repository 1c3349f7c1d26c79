package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.json.Rejected;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON files that a command reads; {@code -} is standard input. */
final class Documents {

    private static final int MAX_BYTES = JsonLimits.TRUST_BUNDLE.maxBytes();
    private static final JsonParser LIST = JsonParser
            .with(new JsonLimits(MAX_BYTES, 32, JsonLimits.TRUST_BUNDLE.maxTokens(), false, false));

    private static final JsonParser SIGNED = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final JsonParser INLINE = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    private Documents() {}

    /** The JSON object that stands on the command line, or on standard input for {@code -}; empty when there is none. */
    static JsonObject inline(CliContext context, String option, @Nullable String json) {
        if (json == null) {
            return JsonObject.EMPTY;
        }
        return json.equals("-")
                ? parsed(INLINE, bytes(context, Path.of(json)), "what " + option + " gives on standard input").object()
                : parsed(INLINE, json.getBytes(StandardCharsets.UTF_8), "what " + option + " gives").object();
    }

    /** The file's bytes, at most 768 KiB. */
    static byte[] bytes(CliContext context, Path file) {
        try (InputStream in = isStandardInput(file) ? context.in() : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw CommandFailure.unusable(name(file) + " is larger than " + MAX_BYTES / 1024 + " KiB");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw CommandFailure.unusable("there is no file " + file);
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot read " + name(file) + ": " + e.getMessage(), e);
        }
    }

    /** The file's lines, however many. */
    static BufferedReader lines(CliContext context, Path file) {
        try {
            // What is not UTF-8 is replaced, so that whoever judges the lines says which one it was.
            return new BufferedReader(new InputStreamReader(
                    isStandardInput(file) ? context.in() : Files.newInputStream(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw CommandFailure.unusable("there is no file " + file);
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot read " + name(file) + ": " + e.getMessage(), e);
        }
    }

    /** The bytes of a file that is a JSON object within the limits of a signed document: only that is worth sending. */
    static byte[] signedBytes(CliContext context, Path file) {
        byte[] bytes = bytes(context, file);
        var unused = parsed(SIGNED, bytes, name(file));
        return bytes;
    }

    /** The file as a JSON object within the limits of a signed document. */
    static JsonObject object(CliContext context, Path file) {
        return gated(context, file, SIGNED).object();
    }

    /** The objects of a file: a JSON array of them, or one with the array as member {@code anchors}, as in a bundle. */
    static List<JsonObject> anchors(CliContext context, Path file) {
        JsonValue value = gated(context, file, LIST).value();
        JsonValue list = value instanceof JsonObject object ? object.get("anchors") : value;
        if (!(list instanceof JsonArray array)) {
            throw CommandFailure.unusable(file + " holds no anchors: a JSON array of them, or a trust bundle, was "
                    + "expected");
        }
        var anchors = new ArrayList<JsonObject>();
        for (JsonValue element : array.values()) {
            if (!(element instanceof JsonObject anchor)) {
                throw CommandFailure.unusable(file + " holds an anchor that is no JSON object");
            }
            anchors.add(anchor);
        }
        return anchors;
    }

    /** The JSON of some bytes, which people know by that name. */
    static JsonParser.Parsed parsed(JsonParser parser, byte[] json, String name) {
        return switch (parser.parse(json)) {
            case JsonParser.Parsed parsed -> parsed;
            case Rejected rejected -> throw CommandFailure.unusable(name + " " + parser.explain(json, rejected));
        };
    }

    /** The file as people call it. */
    static String name(Path file) {
        return isStandardInput(file) ? "standard input" : file.toString();
    }

    private static boolean isStandardInput(Path file) {
        return file.toString().equals("-");
    }

    private static JsonParser.Parsed gated(CliContext context, Path file, JsonParser parser) {
        return parsed(parser, bytes(context, file), name(file));
    }
}
