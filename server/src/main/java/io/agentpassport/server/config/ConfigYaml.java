package io.agentpassport.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A whole configuration as the text of a file that means the same. What looks like a secret is not shown. */
public final class ConfigYaml {

    /** In the place of what is not shown. */
    public static final String NOT_SHOWN = "(not shown)";

    private static final Pattern SECRET = Pattern.compile("(?i).*(token|secret|passw|credential|key|auth).*");
    private static final Pattern ENVIRONMENT = Pattern.compile("upstreams\\.servers\\.[^.]+\\.environment\\.([^.]+)");

    private ConfigYaml() {}

    /**
     * The text.
     *
     * @param origins
     *            whether each line says where its value comes from
     */
    public static String of(List<ConfigValue> values, boolean origins) {
        Map<String, Object> root = new LinkedHashMap<>();
        values.forEach(value -> put(root, value.path().split("\\."), 0, value));
        var yaml = new StringBuilder();
        write(root, "", yaml, origins);
        return yaml.toString();
    }

    /**
     * The value as it may be shown: secrets have a place of their own, where only their whereabouts stand, but somebody may
     * have put one among the plain variables of a process.
     */
    public static Object shown(ConfigValue value) {
        var variable = ENVIRONMENT.matcher(value.path());
        return variable.matches() && SECRET.matcher(variable.group(1)).matches() ? NOT_SHOWN : value.value();
    }

    @SuppressWarnings("unchecked") // what is no value is such a map
    private static void put(Map<String, Object> into, String[] path, int at, ConfigValue value) {
        if (at == path.length - 1) {
            into.put(path[at], value);
        } else {
            put((Map<String, Object>) into.computeIfAbsent(path[at], name -> new LinkedHashMap<String, Object>()), path,
                    at + 1, value);
        }
    }

    private static void write(Map<?, ?> part, String indent, StringBuilder yaml, boolean origins) {
        part.forEach((name, child) -> {
            yaml.append(indent).append(key(String.valueOf(name))).append(':');
            if (child instanceof ConfigValue value) {
                yaml.append(' ').append(written(shown(value)));
                if (origins) {
                    yaml.append("  # ")
                            .append(value.origin().text())
                            .append(value.source().isEmpty() ? "" : " " + value.source());
                }
                yaml.append('\n');
            } else {
                yaml.append('\n');
                write((Map<?, ?>) child, indent + "  ", yaml, origins);
            }
        });
    }

    /** Ours are plain words; a name that somebody chose may look like a number, or like true. */
    private static String key(String name) {
        return name.matches("[a-z]+(_[a-z]+)*") && !name.matches("true|false|null") ? name : ConfigFile.quoted(name);
    }

    private static String written(Object value) {
        return switch (value) {
            case String text -> ConfigFile.quoted(text);
            case List<?> list -> "[" + String.join(", ", list.stream().map(ConfigYaml::written).toList()) + "]";
            default -> String.valueOf(value);
        };
    }
}
