package io.agentpassport.server.cli;

import io.agentpassport.client.PassportException;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.store.StoreException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line. A new command is one class, and its name in the list here. */
@Command(name = "passport", versionProvider = PassportCommand.Version.class, mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND", sortOptions = false,
        description = {
            "Agent Passport: certificates and mutual authentication for software agents, with signed evidence of both.",
            "",
            "Begin with a server for development; it makes all that it needs:",
            "",
            "    passport server --dev",
            ""
        }, commandListHeading = "%nCommands:%n", exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, or the answer is no",
            "2:the command line, the configuration or the environment is not right",
            "70:a fault of this program"
        }, footer = {"", "passport COMMAND --help says more of one command."})
public final class PassportCommand implements Callable<Integer> {

    private static final List<Class<?>> COMMANDS = List.of(
            ServerCommand.class,
            InitCommand.class,
            KeygenCommand.class,
            IssueCommand.class,
            JoinTokenCommand.class,
            HandshakeCommand.class,
            VerifyAttestCommand.class,
            DeriveSessionCommand.class,
            BundleCommand.class,
            RevokeCommand.class,
            PolicyCommand.class,
            AuditCommand.class,
            UpstreamsCommand.class,
            ConformanceCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            HelpCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print where an error came from.")
    boolean verbose;

    /** Runs a command line; returns the exit code. */
    public static int run(CliContext context, String... args) {
        var root = new PassportCommand();
        CommandLine commands = new CommandLine(root, new Factory(context, CommandLine.defaultFactory()));
        commandsOf(args).forEach(commands::addSubcommand);
        commands.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((e, given) -> usage(context, e))
                .setExecutionExceptionHandler((e, command, given) -> root.failed(context, e));
        return commands.execute(args);
    }

    /** The command that the line names, or all: to read one of them takes a tenth of the time. */
    private static List<Class<?>> commandsOf(String[] args) {
        String name = Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst().orElse("");
        return COMMANDS.stream()
                .filter(command -> command != HelpCommand.class)
                .filter(command -> command.getAnnotation(Command.class).name().equals(name))
                .<List<Class<?>>>map(List::of)
                .findFirst()
                .orElse(COMMANDS);
    }

    /** Without a command: what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandFailure.UNUSABLE;
    }

    private static int usage(CliContext context, ParameterException e) {
        context.err().println("passport: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, new PrintWriter(context.err(), true,
                StandardCharsets.UTF_8));
        context.err()
                .println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help'.");
        return CommandFailure.UNUSABLE;
    }

    private int failed(CliContext context, Exception e) {
        boolean expected = exitCode(e) != CommandFailure.FAULT;
        context.err()
                .println("passport: " + (expected ? e.getMessage() : "a fault of this program: " + e)
                        + (expected || verbose ? "" : "; with --verbose it says where"));
        if (verbose) {
            e.printStackTrace(context.err());
        }
        return exitCode(e);
    }

    private static int exitCode(Exception e) {
        return switch (e) {
            case CommandFailure failure -> failure.exitCode();
            case ConfigException config -> CommandFailure.UNUSABLE;
            case StoreException store -> CommandFailure.UNUSABLE;
            case PassportException refused when refused.reason() == PassportException.Reason.REFUSED
                    || refused.reason() == PassportException.Reason.NOT_AUTHENTICATED ->
                CommandFailure.REFUSED;
            case PassportException unusable -> CommandFailure.UNUSABLE;
            default -> CommandFailure.FAULT;
        };
    }

    /** Makes commands, handing the context to those that take it. */
    private record Factory(CliContext context, CommandLine.IFactory others) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == CliContext.class) {
                    return type.cast(constructor.newInstance(context));
                }
            }
            return others.create(type);
        }
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[]{"passport " + text() + " on Java " + Runtime.version()};
        }

        static String text() {
            @Nullable
            String version = PassportCommand.class.getPackage().getImplementationVersion();
            return version == null ? "(unpackaged)" : version;
        }
    }
}
