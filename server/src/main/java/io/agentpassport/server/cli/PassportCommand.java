package io.agentpassport.server.cli;

import io.agentpassport.server.Build;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the command line. A new command is one class, and its name in the list here. */
@Command(name = "passport", mixinStandardHelpOptions = true, description = {
    "Agent Passport: certificates and mutual authentication for software agents, and a gateway that judges and runs their"
            + " tool calls, with signed evidence of it all.",
    "",
    "Begin with a server for development, which makes all that it needs, and in a second terminal with a certificate; see"
            + " the examples below."
}, exitCodeList = {
    "0:done",
    "1:refused, or the answer is no",
    "2:the command line, the configuration or the environment is not right",
    "3:of call: it was allowed, but the tool failed, or there is no answer of it",
    "70:a fault of this program"
}, footer = {
    "  ${COMMAND-FULL-NAME} demo",
    "  ${COMMAND-FULL-NAME} server --dev",
    "  ${COMMAND-FULL-NAME} issue --binding agent:alice --principal alice",
    "  ${COMMAND-FULL-NAME} handshake --key agent-alice.key --identity agent-alice.json",
    "",
    "${COMMAND-FULL-NAME} COMMAND --help says more of one command. With --json a command answers one line of JSON, also when"
            + " it is refused:",
    "  {\"error\":{\"reason\":…,\"message\":…}}"
})
public final class PassportCommand implements Callable<Integer> {

    private static final List<Class<?>> COMMANDS = List.of(
            ServerCommand.class,
            InitCommand.class,
            ConfigCommand.class,
            AdminsCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            RepairCommand.class,
            ClockCommand.class,
            KeygenCommand.class,
            IssueCommand.class,
            JoinTokenCommand.class,
            HandshakeCommand.class,
            ToolsCommand.class,
            CallCommand.class,
            VerifyAttestCommand.class,
            DeriveSessionCommand.class,
            BundleCommand.class,
            RevokeCommand.class,
            PolicyCommand.class,
            GrantsCommand.class,
            AuditCommand.class,
            UpstreamsCommand.class,
            ApprovalsCommand.class,
            BudgetsCommand.class,
            CertificatesCommand.class,
            SessionsCommand.class,
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
        CommandLine commands = commands(context, root, commandsOf(args));
        commands.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, given) -> usage(context, e, given))
                .setExecutionExceptionHandler(
                        (e, command, parsed) -> root.failed(context, e, command.getCommandSpec(), args));
        return commands.execute(args);
    }

    /** Every command there is. */
    static CommandLine all(CliContext context) {
        return commands(context, new PassportCommand(), COMMANDS);
    }

    private static CommandLine commands(CliContext context, PassportCommand root, List<Class<?>> some) {
        CommandLine commands = new CommandLine(root, new Factory(context, CommandLine.defaultFactory()));
        commands.setCommandName(context.program());
        some.forEach(commands::addSubcommand);
        for (Class<Integer> type : List.of(int.class, Integer.class)) {
            commands.registerConverter(type, text -> wholeNumber(text, Integer::valueOf));
        }
        commands.registerConverter(Long.class, text -> wholeNumber(text, Long::valueOf));
        HelpStyle.apply(commands);
        return commands;
    }

    private static <N extends Number> N wholeNumber(String text, Function<String, N> number) {
        try {
            return number.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("a whole number was expected, not " + text);
        }
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

    private static int usage(CliContext context, ParameterException e, String[] args) {
        // What is taken for an argument too many is mostly a name that was mistyped, and the reason that one is missing.
        String unknown = String.join(" ", e.getCommandLine().getUnmatchedArguments());
        String more = e instanceof MissingParameterException && !unknown.isEmpty() ? "; unknown: " + unknown : "";
        ErrorAnswer answer = ErrorAnswer.usage(e, e instanceof UnmatchedArgumentException && isGroup(e.getCommandLine())
                && !unknown.startsWith("-") ? noCommand(e.getCommandLine()) : e.getMessage() + more);
        context.err().println("passport: " + Visible.lines(answer.message()));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, new PrintWriter(context.err(), true,
                StandardCharsets.UTF_8));
        context.err()
                .println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help'.");
        return answered(context, answer, args);
    }

    /** Whether only the name of one of its commands can follow, and the root's are too many to tell. */
    private static boolean isGroup(CommandLine command) {
        return command.getParent() != null && !command.getSubcommands().isEmpty();
    }

    private static String noCommand(CommandLine group) {
        return group.getUnmatchedArguments().getFirst() + " is no command of " + group.getCommandName() + "; it has "
                + String.join(", ", group.getSubcommands().keySet());
    }

    private int failed(CliContext context, Exception e, CommandSpec command, String[] args) {
        ErrorAnswer answer = ErrorAnswer.of(e, context.program(), command);
        context.err()
                .println("passport: " + Visible.lines(answer.message())
                        + (answer.isFault() && !verbose ? "; with --verbose it says where" : ""));
        if (verbose) {
            e.printStackTrace(context.err());
        }
        return answered(context, answer, args);
    }

    /** Who asked for JSON gets it, whatever the answer. */
    private static int answered(CliContext context, ErrorAnswer answer, String[] args) {
        // What follows -- is another program's.
        if (Arrays.stream(args).takeWhile(arg -> !arg.equals("--")).anyMatch("--json"::equals)) {
            JsonOption.print(context.out(), answer.json());
        }
        return answer.exitCode();
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
            return new String[]{"passport " + Build.version() + " on Java " + Build.java()};
        }
    }
}
