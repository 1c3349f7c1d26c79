package io.agentpassport.server.cli;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What agents chose, as a person may be shown it: whatever does not show, or changes how the rest shows (controls, writing
 * direction, spaces that are none, fillers, selectors), stands there as {@code \}{@code uXXXX}, which in JSON means the same.
 */
final class Visible {

    private static final Set<Integer> BLANKS = Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0);

    private Visible() {}

    /** The text, escaped. */
    static String text(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (shows(c)) {
                shown.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    shown.append("\\u%04x".formatted((int) unit));
                }
            }
        });
        return shown.toString();
    }

    /** A text of several lines, escaped but for where a line ends. */
    static String lines(String text) {
        return Stream.of(text.split("\n", -1)).map(Visible::text).collect(Collectors.joining("\n"));
    }

    /** A document to be kept as it is, but for controls, which would be carried out by whatever shows it. */
    static String document(String text) {
        var shown = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }

    /** The value as canonical JSON, escaped: still JSON, and of the same value. */
    static String json(JsonValue value) {
        // A value that is no object or array cannot stand alone there, so it goes in and out of a list.
        String list = new String(Jcs.bytes(new JsonArray(List.of(value))), StandardCharsets.UTF_8);
        return text(list.substring(1, list.length() - 1));
    }

    private static boolean shows(int c) {
        boolean selector = (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF)
                || (c >= 0x180B && c <= 0x180F);
        return !selector && !BLANKS.contains(c) && switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
