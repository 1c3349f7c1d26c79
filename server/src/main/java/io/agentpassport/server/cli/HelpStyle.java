package io.agentpassport.server.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How every command's help reads: what to type, what it does, arguments, its own options, those that many commands have,
 * and examples. A command gives its description, and the lines of its examples as its footer.
 */
final class HelpStyle {

    private static final Set<String> OF_THE_SERVER = Set.of("--server", "--ca", "--cert", "--cert-key", "--plaintext",
            "--data");
    private static final Set<String> GENERAL = Set.of("--json", "--help", "--version", "--verbose");

    private HelpStyle() {}

    /** Applies it to the command and those under it. */
    static void apply(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.versionProvider(new PassportCommand.Version());
        UsageMessageSpec usage = spec.usageMessage();
        usage.sortOptions(false)
                .customSynopsis(synopsis(spec))
                .descriptionHeading("%n")
                .parameterListHeading("%nArguments:%n")
                .optionListHeading("")
                .commandListHeading("%nCommands:%n")
                .description(firstSentenceApart(usage.description()));
        if (!usage.exitCodeList().isEmpty()) {
            usage.exitCodeListHeading("%nExit codes:%n");
        }
        if (usage.footer().length > 0) {
            usage.footerHeading("%nExamples:%n");
        }
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpStyle::options);
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpStyle::examples);
        command.getSubcommands().values().forEach(HelpStyle::apply);
    }

    /** The first sentence alone is what the list of commands shows. */
    private static String[] firstSentenceApart(String[] description) {
        int end = description.length == 0 ? -1 : description[0].indexOf(". ");
        if (end < 0) {
            return description;
        }
        var lines = new ArrayList<String>(List.of(description[0].substring(0, end + 1), "",
                description[0].substring(end + 2)));
        lines.addAll(Arrays.asList(description).subList(1, description.length));
        return lines.toArray(new String[0]);
    }

    /** The name, what must be given, and that there is more. */
    private static String synopsis(CommandSpec spec) {
        var words = new ArrayList<String>(List.of(spec.qualifiedName(" ")));
        spec.options()
                .stream()
                .filter(ArgSpec::required)
                .forEach(option -> words.add(option.longestName() + " " + option.paramLabel()));
        words.add("[OPTIONS]");
        spec.positionalParameters().forEach(parameter -> words.add(label(parameter)));
        if (!spec.subcommands().isEmpty()) {
            words.add("COMMAND");
        }
        return String.join(" ", words);
    }

    private static String label(PositionalParamSpec parameter) {
        String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
        return parameter.required() ? label : "[" + label + "]";
    }

    private static String options(Help help) {
        List<OptionSpec> all = help.commandSpec().options();
        boolean talks = all.stream().anyMatch(option -> option.longestName().equals("--server"));
        return Stream.of(
                section(help, "Options", all.stream()
                        .filter(option -> !isGeneral(option)
                                && !(talks && OF_THE_SERVER.contains(option.longestName())))
                        .toList()),
                section(help, "Which server, and as whom", all.stream()
                        .filter(option -> talks && OF_THE_SERVER.contains(option.longestName()))
                        .toList()),
                section(help, "General", all.stream().filter(HelpStyle::isGeneral).toList()))
                .collect(Collectors.joining());
    }

    /** Commands as they are typed, however wide the screen is: one that is broken into lines cannot be copied. */
    private static String examples(Help help) {
        return Arrays.stream(help.commandSpec().usageMessage().footer())
                .map(line -> line.startsWith(" ") ? line + System.lineSeparator() : wrapped(help, line))
                .collect(Collectors.joining());
    }

    private static String wrapped(Help help, String prose) {
        var column = new Help.Column(help.commandSpec().usageMessage().width(), 0, Help.Column.Overflow.WRAP);
        Help.TextTable lines = Help.TextTable.forColumns(help.colorScheme(), column);
        lines.addRowValues(prose);
        return lines.toString();
    }

    private static boolean isGeneral(OptionSpec option) {
        return GENERAL.contains(option.longestName());
    }

    private static String section(Help help, String heading, List<OptionSpec> options) {
        return options.isEmpty()
                ? ""
                : String.format("%n%s:%n", heading) + help.optionListExcludingGroups(options);
    }
}
