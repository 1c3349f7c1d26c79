package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.ConfigProblem;
import io.agentpassport.server.config.ConfigReport;
import io.agentpassport.server.config.ConfigValue;
import io.agentpassport.server.config.ConfigYaml;
import io.agentpassport.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the configuration says, and whether a service would start with it. Offline. */
@Command(name = "config", mixinStandardHelpOptions = true, description = {
    "Check or print how a service is configured: by its file, by the environment (PASSPORT_LISTEN_PORT for listen.port, and"
            + " so on), and by --set, each of which counts before what stands before it here."
}, footer = {"  ${COMMAND-FULL-NAME} check --data /var/lib/passport",
    "  ${COMMAND-FULL-NAME} print --origins --set listen.port=7444"})
final class ConfigCommand {

    private final CliContext context;

    ConfigCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "check", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME} --config passport.yaml",
            description = "Say all that is wrong with a configuration, and which of its settings are relaxed. Exit code 0"
                    + " when a service would start with it, 2 when not.")
    int check(@Mixin ConfigOptions at, @Mixin JsonOption to) {
        ConfigReport report;
        try {
            report = inspect(at);
        } catch (ConfigException e) {
            report = new ConfigReport(ServerConfig.defaults(at.folder(context)),
                    List.of(new ConfigProblem(null, 0, String.valueOf(e.getMessage()))), List.of());
        }
        ServerConfig config = report.config();
        List<ConfigProblem> problems = new ArrayList<>(report.problems());
        boolean development = config.data().isForDevelopment();
        config.relaxed()
                .stream()
                .filter(key -> !development && !config.accept().contains(key))
                .forEach(key -> problems.add(new ConfigProblem(key, 0, "the setting " + key
                        + " is weaker than its default; if that is meant, add it to `accept`")));
        to.print(context, document(config, problems), lines(at, config, problems));
        return problems.isEmpty() ? 0 : CommandFailure.UNUSABLE;
    }

    private ConfigReport inspect(ConfigOptions at) {
        return ConfigFile.inspect(at.file(context), at.folder(context),
                at.overrides(context));
    }

    private JsonObject document(ServerConfig config, List<ConfigProblem> problems) {
        List<JsonValue> told = new ArrayList<>();
        for (ConfigProblem problem : problems) {
            JsonObject.Builder one = JsonObject.builder();
            String key = problem.key();
            if (key != null) {
                one.put("key", key);
            }
            if (problem.line() > 0) {
                one.put("line", problem.line());
            }
            told.add(one.put("message", problem.message()).build());
        }
        List<JsonValue> relaxed = new ArrayList<>();
        for (String key : config.relaxed()) {
            relaxed.add(JsonObject.builder()
                    .put("key", key)
                    .put("meaning", ServerConfig.meaningOf(key))
                    .put("accepted", JsonBoolean.of(config.accept().contains(key)))
                    .build());
        }
        return JsonObject.builder()
                .put("ok", JsonBoolean.of(problems.isEmpty()))
                .put("problems", new JsonArray(told))
                .put("relaxed", new JsonArray(relaxed))
                .build();
    }

    private String[] lines(ConfigOptions at, ServerConfig config, List<ConfigProblem> problems) {
        List<String> lines = new ArrayList<>();
        problems.forEach(problem -> lines.add("wrong    " + problem.text()));
        for (String key : config.relaxed()) {
            lines.add("relaxed  " + key + ": " + ServerConfig.meaningOf(key)
                    + (config.accept().contains(key) ? " (accepted)" : " (not accepted)"));
        }
        lines.add(at.file(context) + (problems.isEmpty() ? " is in order"
                : problems.size() == 1 ? " has a problem" : " has " + problems.size() + " problems"));
        return lines.toArray(new String[0]);
    }

    @Command(name = "print", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME} --origins",
            description = "Print the whole configuration as it would be in force, as a file that can be read back. Secrets"
                    + " are not part of it: it says where they are.")
    int print(@Mixin ConfigOptions at, @Mixin JsonOption to,
            @Option(names = "--origins",
                    description = "Say of each value where it comes from: default, file, environment or flag.") boolean origins) {
        ConfigReport report = inspect(at);
        if (!report.problems().isEmpty()) {
            throw new ConfigException(String.join("\n", report.problems().stream().map(ConfigProblem::text).toList()));
        }
        List<JsonValue> values = new ArrayList<>();
        for (ConfigValue value : report.values()) {
            JsonObject.Builder one = JsonObject.builder()
                    .put("key", value.path())
                    .put("value", json(ConfigYaml.shown(value)));
            if (origins) {
                one.put("origin", value.origin().text()).put("source", value.source());
            }
            values.add(one.build());
        }
        String yaml = ConfigYaml.of(report.values(), origins);
        to.printText(context, JsonObject.builder().put("values", new JsonArray(values)).build(), yaml.stripTrailing());
        return 0;
    }

    private static JsonValue json(Object value) {
        return switch (value) {
            case Boolean flag -> JsonBoolean.of(flag);
            case Integer number -> new JsonNumber(number);
            case List<?> list -> new JsonArray(list.stream().<JsonValue>map(ConfigCommand::json).toList());
            default -> new JsonString(String.valueOf(value));
        };
    }
}
