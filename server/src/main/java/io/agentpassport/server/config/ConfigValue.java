package io.agentpassport.server.config;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a key is in the end, and why.
 *
 * @param path
 *            of the key
 * @param value
 *            a text, a whole number, true or false, or a list of texts
 * @param origin
 *            where it comes from
 * @param source
 *            the variable or option that set it; empty for the file and for defaults
 */
public record ConfigValue(String path, Object value, Origin origin, String source) {

    static Object plain(Object value) {
        return switch (value) {
            case Duration duration -> DurationText.of(duration);
            case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
            default -> value;
        };
    }

    /** As it is written on the command line. */
    static String written(Object value) {
        Object plain = plain(value);
        return plain instanceof List<?> list ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(plain);
    }
}
