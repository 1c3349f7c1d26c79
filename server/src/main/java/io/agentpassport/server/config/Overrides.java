package io.agentpassport.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is said of single keys outside of the file: in the environment, and on the command line, which counts before it. Both
 * write a value as a text; a list is separated by commas. A variable that is empty says nothing.
 */
public final class Overrides {

    /** Nothing is said. */
    public static final Overrides NONE = new Overrides(Map.of(), List.of());

    /** A service named passport gives these to every container of its Kubernetes namespace; they mean nothing here. */
    private static final Pattern OF_OTHERS = Pattern.compile("PASSPORT_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_.*)?)");

    private static final int MAX_TYPING_ERRORS = 2;

    private final Map<String, Said> byPath;
    private final List<ConfigProblem> problems;

    /**
     * One text.
     *
     * @param source
     *            the name of the variable or option, for messages
     */
    record Said(Origin origin, String source, String text) {}

    private Overrides(Map<String, Said> byPath, List<ConfigProblem> problems) {
        this.byPath = Map.copyOf(byPath);
        this.problems = List.copyOf(problems);
    }

    /** What the environment says. A variable that looks like that of a key and is none is a problem of the configuration. */
    public static Overrides of(Map<String, String> environment) {
        Map<String, ConfigKey> keys = new LinkedHashMap<>();
        ConfigFile.keys().forEach(key -> keys.put(key.variable(), key));
        Map<String, Said> found = new LinkedHashMap<>();
        List<ConfigProblem> problems = new ArrayList<>();
        new TreeMap<>(environment).forEach((name, text) -> {
            ConfigKey key = keys.get(name);
            if (key == null) {
                ConfigProblem problem = unknown(name, keys);
                if (problem != null) {
                    problems.add(problem);
                }
            } else if (!text.isEmpty()) {
                found.put(key.path(), new Said(Origin.ENVIRONMENT, name, text));
            }
        });
        return new Overrides(found, problems);
    }

    /**
     * The same, and an option that counts before it.
     *
     * @param option
     *            for messages, such as {@code --port}
     * @throws ConfigException
     *             when there is no such key
     */
    public Overrides with(String option, String path, String text) {
        List<String> known = ConfigFile.keys().stream().map(ConfigKey::path).toList();
        if (!known.contains(path)) {
            String closest = Section.closest(path, known);
            boolean inFile = path.startsWith(UpstreamsSection.SERVERS);
            throw new ConfigException(option + ": there is no key " + path
                    + (inFile ? " that can be set here; upstreams"
                            + " stand in the file"
                            : closest == null ? "; they are: " + String.join(", ", known)
                                    : "; did you mean " + closest + "?"));
        }
        Map<String, Said> more = new LinkedHashMap<>(byPath);
        more.put(path, new Said(Origin.FLAG, option, text));
        return new Overrides(more, problems);
    }

    /** Whether something is said of a key. */
    public boolean has(String path) {
        return byPath.containsKey(path);
    }

    @Nullable
    Said of(String path) {
        return byPath.get(path);
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    /** Null when it is nothing of ours. */
    private static @Nullable ConfigProblem unknown(String name, Map<String, ConfigKey> keys) {
        if (!name.startsWith(ConfigKey.PREFIX) || OF_OTHERS.matcher(name).matches()) {
            return null;
        }
        boolean ofSection = keys.values()
                .stream()
                .map(ConfigKey::path)
                .filter(path -> path.contains("."))
                .anyMatch(path -> name.startsWith(ConfigKey.variable(path.substring(0, path.indexOf('.') + 1))));
        String closest = Section.closest(name, keys.keySet());
        boolean mistyped = closest != null && Section.changes(name, closest) <= MAX_TYPING_ERRORS;
        if (!ofSection && !mistyped) {
            return null;
        }
        ConfigKey meant = closest == null ? null : keys.get(closest);
        return new ConfigProblem(null, 0, "the environment has " + name + ", which sets no key"
                + (name.startsWith(ConfigKey.variable(UpstreamsSection.SERVERS + "."))
                        ? "; upstreams stand in the file"
                        : meant == null ? "; unset it"
                                : "; did you mean " + meant.variable() + ", for " + meant.path() + "?"));
    }
}
