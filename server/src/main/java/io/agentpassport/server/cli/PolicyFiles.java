package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.CounterView;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Policy documents as files, and what commands say of them. */
final class PolicyFiles {

    private PolicyFiles() {}

    static String text(CliContext context, Path file) {
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(Documents.bytes(context, file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw CommandFailure.unusable(Documents.name(file) + " is not UTF-8", e);
        }
    }

    /** The document of a file that must be valid. */
    static PolicyDocument document(CliContext context, Path file) {
        return switch (PolicyParser.parse(text(context, file))) {
            case PolicyParser.Parsed parsed -> parsed.document();
            case PolicyParser.Invalid invalid -> throw CommandFailure.unusable(
                    String.join(System.lineSeparator(), lines(Documents.name(file), invalid)));
        };
    }

    /** The text of a file that must be a valid document; only the first problem is told. */
    static String validText(CliContext context, Path file) {
        String text = text(context, file);
        if (PolicyParser.parse(text) instanceof PolicyParser.Invalid invalid) {
            int others = invalid.problems().size() - 1;
            throw CommandFailure.unusable(Documents.name(file) + " is not valid: " + invalid.problems().getFirst()
                    + (others == 0 ? "" : " (and " + Counted.of(others, "other problem") + ")")
                    + "; policy validate says all");
        }
        return text;
    }

    static List<String> lines(String name, PolicyParser.Outcome outcome) {
        return switch (outcome) {
            case PolicyParser.Parsed parsed -> {
                PolicyDocument document = parsed.document();
                var lines = new ArrayList<String>();
                lines.add(name + ": valid, " + Counted.of(document.tools().size(), "tool") + ", "
                        + Counted.of(document.testsRun(), "test") + " passed");
                document.warnings().forEach(warning -> lines.add("  note: " + warning));
                yield lines;
            }
            case PolicyParser.Invalid invalid -> {
                var lines = new ArrayList<String>();
                lines.add(name + ": not valid");
                for (Problem problem : invalid.problems()) {
                    lines.add("  " + problem);
                }
                yield lines;
            }
        };
    }

    static JsonObject json(String name, PolicyParser.Outcome outcome) {
        var problems = new ArrayList<JsonObject>();
        if (outcome instanceof PolicyParser.Invalid invalid) {
            for (Problem problem : invalid.problems()) {
                problems.add(JsonObject.builder()
                        .put("pointer", problem.pointer())
                        .put("message", problem.message())
                        .build());
            }
        }
        int tests = outcome instanceof PolicyParser.Parsed parsed ? parsed.document().testsRun() : 0;
        return JsonObject.builder()
                .put("file", name)
                .put("valid", JsonBoolean.of(outcome instanceof PolicyParser.Parsed))
                .put("problems", new JsonArray(List.copyOf(problems)))
                .put("tests_run", (double) tests)
                .build();
    }

    /** Counters of the document by name, 0 where nothing is said. */
    static CounterView counters(PolicyDocument document, @Nullable Map<String, String> given) {
        Map<String, Decimal> values = new HashMap<>();
        Set<String> known = document.counters();
        Objects.requireNonNullElse(given, Map.<String, String>of()).forEach((name, text) -> {
            if (!known.contains(name)) {
                throw CommandFailure.unusable("--counter " + name + " is no counter of the document; "
                        + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
            }
            Decimal value = Decimal.fromText(text);
            if (value == null || value.sign() < 0) {
                throw CommandFailure.unusable("--counter " + name + " must be a number that is not negative");
            }
            values.put(name, value);
        });
        return charge -> values.getOrDefault(charge.rule().counter(), Decimal.ZERO);
    }

    /** Writes a file that must not be there yet. */
    static void writeNew(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw CommandFailure.unusable(file + " is there already; give another name", e);
        }
    }
}
