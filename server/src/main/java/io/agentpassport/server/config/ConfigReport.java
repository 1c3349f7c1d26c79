package io.agentpassport.server.config;

import java.util.List;

/**
 * What came of reading a configuration.
 *
 * @param config
 *            what it says, with the default of every key that has a problem
 * @param problems
 *            all that is wrong; empty when it can be used
 * @param values
 *            every key that has a value
 */
public record ConfigReport(ServerConfig config, List<ConfigProblem> problems, List<ConfigValue> values) {

    public ConfigReport {
        problems = List.copyOf(problems);
        values = List.copyOf(values);
    }

    /**
     * What it says.
     *
     * @param where
     *            the file, for messages; empty for none
     * @throws ConfigException
     *             with all problems, a line each, when there are any
     */
    ServerConfig orThrow(String where) {
        if (problems.isEmpty()) {
            return config;
        }
        throw new ConfigException(String.join("\n",
                problems.stream().map(problem -> (where.isEmpty() ? "" : where + ": ") + problem.text()).toList()));
    }
}
