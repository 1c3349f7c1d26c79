package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.config.YamlProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The part of YAML that says the same to every reader, as JSON values: mappings, sequences, and scalars. No anchors,
 * aliases, tags, merge keys or second document; a name stands once; and a plain scalar that some readers take for
 * something else than others ({@code no}, {@code 0x1F}, {@code 1_000}) must be written in quotes, or plainly.
 */
final class YamlReader {

    /** A number as JSON writes it. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    /** What versions and readers of YAML disagree on. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?i)y|n|yes|no|on|off|~|true|false|null|"
            + "[-+]?\\.(inf|nan)|nan|[-+]?0[xob][0-9a-f_]+|[-+]?[0-9][0-9_]*(\\.[0-9_]*)?(e[-+]?[0-9]+)?|"
            + "[-+]?\\.[0-9][0-9_]*|[-+]?[0-9]+(:[0-5]?[0-9])+");

    private final Problems problems;
    private int tokens;
    private @Nullable Iterator<Event> events;

    YamlReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * The mapping that is the document, or null when it cannot be read to its end. A value that cannot be told is a problem
     * by itself: its text stands for it, so that all else that is wrong can be told too.
     */
    @Nullable
    JsonObject read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("the policy")
                .setCodePointLimit(PolicyParser.MAX_BYTES)
                .setMaxAliasesForCollections(0)
                .build();
        try {
            Iterator<Event> all = new Parse(settings).parseString(text).iterator();
            events = all;
            JsonValue top = null;
            while (all.hasNext()) {
                Event event = all.next();
                if (event instanceof DocumentStartEvent && top != null) {
                    throw new Refusal("", "a file holds one document");
                }
                if (event instanceof NodeEvent node) {
                    top = value(node, "", 1);
                }
            }
            if (top instanceof JsonObject object) {
                return object;
            }
            problems.add("", "must be a mapping, with version and tools");
        } catch (Refusal refusal) {
            problems.add(refusal.pointer, refusal.problem);
        } catch (MarkedYamlEngineException e) {
            problems.add("", "is neither JSON nor YAML: " + YamlProblem.inWords(e) + placeOf(e.getProblemMark()),
                    lineOf(e.getProblemMark()));
        } catch (YamlEngineException e) {
            problems.add("", "is neither JSON nor YAML: " + e.getMessage());
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // The library's own, at an escape that is cut off.
            problems.add("", "is neither JSON nor YAML: an escape in a text is cut off or malformed");
        }
        return null;
    }

    private JsonValue value(NodeEvent event, String pointer, int depth) {
        if (++tokens > PolicyLimits.TOKENS) {
            throw new Refusal(pointer, "the document holds more than " + PolicyLimits.TOKENS + " values");
        }
        if (depth > PolicyLimits.DEPTH) {
            throw new Refusal(pointer, "nests deeper than " + PolicyLimits.DEPTH);
        }
        if (event instanceof AliasEvent || event.getAnchor().isPresent()) {
            throw new Refusal(pointer, "anchors and aliases are not taken; write it out" + placeOf(event));
        }
        return switch (event) {
            case ScalarEvent scalar -> scalar(scalar, pointer);
            case MappingStartEvent mapping -> {
                noTag(mapping.getTag(), pointer);
                yield object(pointer, depth);
            }
            case SequenceStartEvent sequence -> {
                noTag(sequence.getTag(), pointer);
                yield array(pointer, depth);
            }
            default -> throw new Refusal(pointer, "something else than a value" + placeOf(event));
        };
    }

    private JsonObject object(String pointer, int depth) {
        JsonObject.Builder members = JsonObject.builder();
        Set<String> names = new HashSet<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            if (!(event instanceof ScalarEvent key) || key.getAnchor().isPresent()) {
                throw new Refusal(pointer, "a name must be a text" + placeOf(event));
            }
            noTag(key.getTag(), pointer);
            String name = key.getValue();
            String at = Pointer.to(pointer, name);
            problems.stands(at, lineOf(key.getStartMark()));
            if (key.isPlain() && name.equals("<<")) {
                throw new Refusal(at, "merge keys are not taken; write it out" + placeOf(event));
            }
            if (!names.add(name)) {
                throw new Refusal(at, "stands twice" + placeOf(event));
            }
            if (!(next() instanceof NodeEvent node)) {
                throw new Refusal(at, "has no value" + placeOf(event));
            }
            members.put(wellFormed(name, at), value(node, at, depth + 1));
        }
        return members.build();
    }

    private JsonArray array(String pointer, int depth) {
        List<JsonValue> values = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            String at = Pointer.to(pointer, values.size());
            problems.stands(at, lineOf(event.getStartMark()));
            values.add(value((NodeEvent) event, at, depth + 1));
        }
        return new JsonArray(values);
    }

    private JsonValue scalar(ScalarEvent scalar, String pointer) {
        noTag(scalar.getTag(), pointer);
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return new JsonString(wellFormed(text, pointer));
        }
        switch (text) {
            case "null", "" -> {
                return JsonNull.NULL;
            }
            case "true" -> {
                return JsonBoolean.TRUE;
            }
            case "false" -> {
                return JsonBoolean.FALSE;
            }
            default -> {
                // A text or a number.
            }
        }
        if (NUMBER.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            if (!Double.isFinite(number)) {
                problems.unreadable(pointer, "is too large a number" + placeOf(scalar));
                return new JsonString(text);
            }
            return new JsonNumber(number);
        }
        if (AMBIGUOUS.matcher(text).matches()) {
            problems.unreadable(pointer,
                    "readers disagree on what " + text + " is: write it in quotes when it is a text, "
                            + "and true, false, null or a plain decimal when it is one" + placeOf(scalar));
        }
        return new JsonString(wellFormed(text, pointer));
    }

    private Event next() {
        if (events == null || !events.hasNext()) {
            throw new Refusal("", "ends in the middle");
        }
        return events.next();
    }

    private static String wellFormed(String text, String pointer) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new Refusal(pointer, "holds half of a character");
                }
                i++;
            }
        }
        return text;
    }

    private static void noTag(Optional<String> tag, String pointer) {
        if (tag.isPresent()) {
            throw new Refusal(pointer, "tags are not taken");
        }
    }

    private static String placeOf(Event event) {
        return placeOf(event.getStartMark());
    }

    private static String placeOf(Optional<Mark> mark) {
        int line = lineOf(mark);
        return line == 0 ? "" : " (line " + line + ")";
    }

    private static int lineOf(Optional<Mark> mark) {
        return mark.map(at -> at.getLine() + 1).orElse(0);
    }

    /** Ends reading from any depth; it never leaves this class. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String pointer;
        private final String problem;

        Refusal(String pointer, String problem) {
            super(problem, null, false, false);
            this.pointer = pointer;
            this.problem = problem;
        }
    }
}
