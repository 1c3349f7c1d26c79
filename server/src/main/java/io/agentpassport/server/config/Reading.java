package io.agentpassport.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a configuration: what is said outside of the file, and what came of it. Every section of the file shares it.
 */
final class Reading {

    private final Overrides overrides;
    private final Map<String, Integer> lines;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ConfigValue> values = new ArrayList<>();
    private final List<ConfigKey> keys = new ArrayList<>();

    /** @param lines of the file, by the paths of the keys that stand there */
    Reading(Overrides overrides, Map<String, Integer> lines) {
        this.overrides = overrides;
        this.lines = lines;
        problems.addAll(overrides.problems());
    }

    Overrides.@Nullable Said said(String path) {
        return overrides.of(path);
    }

    void problem(@Nullable String path, String message) {
        Overrides.Said override = path == null ? null : overrides.of(path);
        problems.add(override == null
                ? new ConfigProblem(path, path == null ? 0 : lines.getOrDefault(path, 0), message)
                : new ConfigProblem(path, 0, message + " (" + override.source() + ")"));
    }

    /**
     * A key was read.
     *
     * @param value
     *            null when it has none
     */
    void read(String path, String kind, @Nullable Object fallback, @Nullable Object value, boolean inFile) {
        keys.add(new ConfigKey(path, kind, fallback == null ? null : ConfigValue.written(fallback)));
        if (value != null) {
            Overrides.Said override = overrides.of(path);
            Origin origin = override != null ? override.origin() : inFile ? Origin.FILE : Origin.DEFAULT;
            values.add(new ConfigValue(path, ConfigValue.plain(value), origin,
                    override == null ? "" : override.source()));
        }
    }

    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    List<ConfigValue> values() {
        return List.copyOf(values);
    }

    List<ConfigKey> keys() {
        return List.copyOf(keys);
    }
}
