package io.agentpassport.server.config;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the configuration as it is read: each key is asked for once, with its default and its limits, and
 * {@link #end} refuses those that nobody asked for. What is asked for here is the one description of all keys: the
 * environment and the command line are read through it, too. A problem is noted, and the default taken in its place, so that
 * all are found at once.
 */
final class Section {

    private static final int MAX_TEXT = 256;
    private static final int MAX_LIST = 64;
    private static final String TEXT = "must be a text of 1 to " + MAX_TEXT + " characters; write it in quotes";

    private final String path;
    private final Map<?, ?> values;
    private final Reading reading;
    private final Set<String> asked = new LinkedHashSet<>();

    /** The values of the mapping at a path; the path of the whole file is empty. */
    Section(String path, Map<?, ?> values, Reading reading) {
        this.path = path;
        this.values = values;
        this.reading = reading;
    }

    /** The mapping at a key; empty when it is not there. */
    Section section(String key) {
        asked.add(key);
        Object value = values.get(key);
        if (value != null && !(value instanceof Map<?, ?>)) {
            reading.problem(pathOf(key), pathOf(key) + " must be a mapping");
        }
        return new Section(pathOf(key), value instanceof Map<?, ?> map ? map : Map.of(), reading);
    }

    /** A text of 1 to 256 characters. */
    String text(String key, String fallback) {
        return read(key, "text", fallback, Section::asText, String::valueOf, TEXT);
    }

    /** A text of 1 to 256 characters, or null when the key is not there. */
    @Nullable
    String optional(String key) {
        return readOrNull(key, "text", null, Section::asText, String::valueOf, TEXT);
    }

    /** The keys of a mapping whose keys are names that the operator chose. */
    List<String> names() {
        return values.keySet().stream().map(String::valueOf).toList();
    }

    /** A list of at most 64 texts. */
    List<String> texts(String key, List<String> fallback) {
        return read(key, "list of texts", fallback, value -> asTexts(key, value), Section::listOf,
                "must be a list of at most " + MAX_LIST + " texts");
    }

    boolean flag(String key, boolean fallback) {
        return read(key, "true or false", fallback, value -> value instanceof Boolean flag ? flag : null,
                text -> text.equals("true") ? (Object) true : text.equals("false") ? false : text,
                "must be true or false");
    }

    int integer(String key, int fallback, int least, int most) {
        return read(key, "integer, " + least + " to " + most, fallback, value -> asInteger(value, least, most),
                Section::number, "must be an integer, " + least + " to " + most);
    }

    /** An integer, or null when the key is not there. */
    @Nullable
    Integer optionalInteger(String key, int least, int most) {
        return readOrNull(key, "integer, " + least + " to " + most, null, value -> asInteger(value, least, most),
                Section::number, "must be an integer, " + least + " to " + most);
    }

    /** A port, 0 for a free one; or null for the word {@code off}. */
    @Nullable
    Integer portOrOff(String key, int fallback) {
        Object port = this.<Object>read(key, "integer, 0 to 65535, or off", fallback,
                value -> value.equals("off") ? value : asInteger(value, 0, 65_535), Section::number,
                "must be an integer, 0 to 65535, or off");
        return port instanceof Integer number ? number : null;
    }

    /** A duration such as {@code 500ms}, {@code 30s}, {@code 15m}, {@code 8h} or {@code 30d}. */
    Duration duration(String key, Duration fallback, Duration least, Duration most) {
        String range = DurationText.of(least) + " to " + DurationText.of(most);
        return read(key, "duration, " + range, fallback, value -> {
            Duration duration = value instanceof String text ? DurationText.parse(text) : null;
            return duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0 ? null : duration;
        }, String::valueOf, "must be a duration such as 30s, 15m, 8h or 30d, from " + range);
    }

    /** One of the words of an enum, in lower case. */
    <E extends Enum<E>> E choice(String key, E fallback, E[] choices) {
        String words = Arrays.stream(choices).map(Section::word).collect(Collectors.joining(", "));
        return read(key, "one of " + words, fallback,
                value -> Arrays.stream(choices).filter(choice -> word(choice).equals(value)).findFirst().orElse(null),
                String::valueOf, "must be one of " + words);
    }

    private <V> V read(String key, String kind, V fallback, Function<Object, @Nullable V> typed,
            Function<String, Object> written, String wrong) {
        V value = readOrNull(key, kind, fallback, typed, written, wrong);
        return value == null ? fallback : value;
    }

    /**
     * One value, from the command line, else the environment, else the file, else the fallback.
     *
     * @param typed
     *            what a value of the file means; null when that is nothing
     * @param written
     *            what a text of the command line or the environment would be in the file
     */
    private <V> @Nullable V readOrNull(String key, String kind, @Nullable V fallback,
            Function<Object, @Nullable V> typed, Function<String, Object> written, String wrong) {
        asked.add(key);
        Overrides.Said override = reading.said(pathOf(key));
        Object given = override != null ? written.apply(override.text()) : values.get(key);
        int before = reading.problems().size();
        V value = given == null ? fallback : typed.apply(given);
        if (value == null && given != null && reading.problems().size() == before) {
            reading.problem(pathOf(key), pathOf(key) + " " + wrong);
        }
        reading.read(pathOf(key), kind, fallback, value == null ? fallback : value, values.get(key) != null);
        return value;
    }

    private static @Nullable String asText(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() && text.length() <= MAX_TEXT
                && text.chars().noneMatch(Character::isISOControl) ? text : null;
    }

    private static @Nullable Integer asInteger(Object value, int least, int most) {
        return value instanceof Integer number && number >= least && number <= most ? number : null;
    }

    private @Nullable List<String> asTexts(String key, Object value) {
        if (!(value instanceof List<?> list) || list.size() > MAX_LIST) {
            return null;
        }
        var texts = new ArrayList<String>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String text = asText(list.get(i));
            if (text == null) {
                reading.problem(pathOf(key), pathOf(key) + "[" + i + "] " + TEXT);
                return null;
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    private static Object listOf(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static Object number(String text) {
        try {
            return text.matches("-?[0-9]{1,10}") ? Integer.valueOf(text) : text;
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** Refuses the keys that nobody asked for, each with its path and the known key that reads most like it. */
    void end() {
        for (Object key : values.keySet()) {
            if (!(key instanceof String name) || !asked.contains(name)) {
                String unknown = String.valueOf(key);
                String closest = closest(unknown, asked);
                reading.problem(pathOf(unknown), "unknown key " + pathOf(unknown)
                        + (closest == null ? "; known here: " : "; did you mean " + pathOf(closest) + "? Known here: ")
                        + String.join(", ", asked));
            }
        }
    }

    /** Reads a part in which a problem is an exception; then the fallback stands. */
    <V> V orElse(V fallback, Supplier<V> part) {
        try {
            return part.get();
        } catch (Wrong e) {
            reading.problem(e.path, String.valueOf(e.getMessage()));
            return fallback;
        }
    }

    /** The problem of a value, for {@link #orElse}. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String path;

        private Wrong(String path, String problem) {
            super(path + " " + problem, null, false, false);
            this.path = path;
        }
    }

    /** The error of a value: thrown within {@link #orElse}. */
    Wrong wrong(String key, String problem) {
        return new Wrong(pathOf(key), problem);
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** The known name with the fewest changes of one letter, if they are fewer than half of it. */
    static @Nullable String closest(String unknown, Collection<String> names) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String known : names) {
            int changes = changes(unknown, known);
            if (changes < fewest && changes * 2 <= Math.max(known.length(), 4)) {
                fewest = changes;
                best = known;
            }
        }
        return best;
    }

    /** The edit distance of Levenshtein, of texts cut to 64 characters. */
    static int changes(String from, String to) {
        String source = from.substring(0, Math.min(from.length(), 64));
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= source.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int changed = diagonal + (source.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
