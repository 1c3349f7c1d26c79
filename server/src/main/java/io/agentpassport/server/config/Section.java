package io.agentpassport.server.config;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the configuration file as it is read: each key is asked for once, with its default and its limits, and
 * {@link #end} refuses those that nobody asked for.
 */
final class Section {

    private static final int MAX_TEXT = 256;
    private static final int MAX_LIST = 64;

    private final String path;
    private final Map<?, ?> values;
    private final Set<String> asked = new LinkedHashSet<>();

    /** The values of the mapping at a path; the path of the whole file is empty. */
    Section(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    /** The mapping at a key; empty when it is not there. */
    Section section(String key) {
        Object value = value(key);
        if (value == null) {
            return new Section(pathOf(key), Map.of());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "must be a mapping");
        }
        return new Section(pathOf(key), map);
    }

    /** A text of 1 to 256 characters. */
    String text(String key, String fallback) {
        Object value = value(key);
        return value == null ? fallback : text(key, value);
    }

    /** A text of 1 to 256 characters, or null when the key is not there. */
    @Nullable
    String optional(String key) {
        Object value = value(key);
        return value == null ? null : text(key, value);
    }

    /** The keys of a mapping whose keys are names that the operator chose. */
    List<String> names() {
        return values.keySet().stream().map(String::valueOf).toList();
    }

    /** A list of at most 64 texts. */
    List<String> texts(String key, List<String> fallback) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof List<?> list) || list.size() > MAX_LIST) {
            throw wrong(key, "must be a list of at most " + MAX_LIST + " texts");
        }
        var texts = new ArrayList<String>(list.size());
        for (int i = 0; i < list.size(); i++) {
            texts.add(text(key + "[" + i + "]", list.get(i)));
        }
        return List.copyOf(texts);
    }

    boolean flag(String key, boolean fallback) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof Boolean flag)) {
            throw wrong(key, "must be true or false");
        }
        return flag;
    }

    int integer(String key, int fallback, int least, int most) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof Integer number) || number < least || number > most) {
            throw wrong(key, "must be an integer, " + least + " to " + most);
        }
        return number;
    }

    /** A duration such as {@code 500ms}, {@code 30s}, {@code 15m}, {@code 8h} or {@code 30d}. */
    Duration duration(String key, Duration fallback, Duration least, Duration most) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        Duration duration = value instanceof String text ? DurationText.parse(text) : null;
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw wrong(key, "must be a duration such as 30s, 15m, 8h or 30d, from "
                    + DurationText.of(least) + " to " + DurationText.of(most));
        }
        return duration;
    }

    /** One of the words of an enum, in lower case. */
    <E extends Enum<E>> E choice(String key, E fallback, E[] choices) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        for (E choice : choices) {
            if (word(choice).equals(value)) {
                return choice;
            }
        }
        throw wrong(key,
                "must be one of " + Arrays.stream(choices).map(Section::word).collect(Collectors.joining(", ")));
    }

    /**
     * Refuses the keys that nobody asked for.
     *
     * @throws ConfigException with the path of the first, and the known key that reads most like it
     */
    void end() {
        for (Object key : values.keySet()) {
            if (!(key instanceof String name) || !asked.contains(name)) {
                String unknown = String.valueOf(key);
                String closest = closest(unknown);
                throw new ConfigException("unknown key " + pathOf(unknown)
                        + (closest == null ? "; known here: " : "; did you mean " + pathOf(closest) + "? Known here: ")
                        + String.join(", ", asked));
            }
        }
    }

    /** The error of a value. */
    ConfigException wrong(String key, String problem) {
        return new ConfigException(pathOf(key) + " " + problem);
    }

    private @Nullable Object value(String key) {
        asked.add(key);
        return values.get(key);
    }

    private String text(String key, @Nullable Object value) {
        if (!(value instanceof String text) || text.isEmpty() || text.length() > MAX_TEXT
                || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(key, "must be a text of 1 to " + MAX_TEXT + " characters; write it in quotes");
        }
        return text;
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** The known key with the fewest changes of one letter, if they are fewer than half of it. */
    private @Nullable String closest(String unknown) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String known : asked) {
            int changes = changes(unknown, known);
            if (changes < fewest && changes * 2 <= Math.max(known.length(), 4)) {
                fewest = changes;
                best = known;
            }
        }
        return best;
    }

    /** The edit distance of Levenshtein, of texts cut to 64 characters. */
    private static int changes(String from, String to) {
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
