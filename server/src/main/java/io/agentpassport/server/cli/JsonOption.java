package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonObject;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/** The option that asks for an answer as JSON; mix it in. */
public final class JsonOption {

    @Option(names = "--json", description = "Print the answer as one line of JSON, also when it is an error.")
    boolean json;

    /** Whether it was given. */
    public boolean isAsked() {
        return json;
    }

    /** Prints one line of JSON, in which whatever does not show is escaped. */
    public static void print(PrintStream out, JsonObject answer) {
        out.println(Visible.json(answer));
        out.flush();
    }

    /**
     * Prints the document when JSON was asked for, otherwise the lines: each as one, whatever is in it, since much of it was
     * written by somebody else.
     */
    void print(CliContext context, JsonObject document, String... lines) {
        if (json) {
            print(context.out(), document);
            return;
        }
        for (String line : lines) {
            context.out().println(Visible.text(line));
        }
        context.out().flush();
    }

    /** Prints the document when JSON was asked for, otherwise the text that it holds, for people and for keeping. */
    void printText(CliContext context, JsonObject document, String text) {
        if (json) {
            print(context.out(), document);
            return;
        }
        context.out().println(Visible.document(text));
        context.out().flush();
    }
}
