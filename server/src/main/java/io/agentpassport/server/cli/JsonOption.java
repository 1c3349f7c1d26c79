package io.agentpassport.server.cli;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** The option that asks for an answer as JSON; mix it in. */
public final class JsonOption {

    @Option(names = "--json", description = "Print the answer as one line of JSON, also when it is an error.")
    boolean json;

    /** Whether it was given. */
    public boolean isAsked() {
        return json;
    }

    /** Prints one line of canonical JSON. */
    public static void print(PrintStream out, JsonObject answer) {
        out.println(new String(Jcs.bytes(answer), StandardCharsets.UTF_8));
        out.flush();
    }

    /** Prints the document when JSON was asked for, otherwise the lines. */
    void print(CliContext context, JsonObject document, String... lines) {
        if (json) {
            print(context.out(), document);
            return;
        }
        for (String line : lines) {
            context.out().println(line);
        }
        context.out().flush();
    }
}
