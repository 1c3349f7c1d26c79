package io.agentpassport.server.cli;

import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyFormat;
import io.agentpassport.server.policy.PolicyParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A document that came from where a missing default means allow, with its default written out.
 *
 * @param text
 *            the document, otherwise as it was
 * @param defaultWord
 *            {@code deny} or {@code allow}
 * @param added
 *            whether the document had none
 */
record PolicyImport(String text, String defaultWord, boolean added) {

    private static final int MAX_ANSWERS = 3;

    /**
     * Reads a document, asks what is missing, and checks what it has become.
     *
     * @param word
     *            what to write when the document has no default; null to ask
     */
    static PolicyImport of(CliContext context, Path file, @Nullable String word) {
        if (word != null && !isDefault(word)) {
            throw CommandFailure.unusable("--default is deny or allow, not " + word);
        }
        PolicyDocument document = PolicyFiles.document(context, file);
        String text = PolicyFiles.text(context, file);
        String standing = document.source().string("default");
        if (standing != null) {
            if (word != null && !word.equals(standing)) {
                throw CommandFailure.unusable("the document says default " + standing + " already; change it there");
            }
            return new PolicyImport(text, standing, false);
        }
        String chosen = word == null ? ask(context) : word;
        String written = PolicyFormat.of(text) == PolicyFormat.JSON
                ? text.replaceFirst("\\{", "{\"default\":\"" + chosen + "\",")
                : withLine(text, "default: " + chosen);
        if (!(PolicyParser.parse(written) instanceof PolicyParser.Parsed parsed)
                || !chosen.equals(parsed.document().source().string("default"))
                || !parsed.document().source().without("default").equals(document.source())) {
            throw CommandFailure.unusable("the default could not be written into " + Documents.name(file)
                    + "; write default: " + chosen + " on a line of its own");
        }
        return new PolicyImport(written, chosen, true);
    }

    /** Before the line that begins the document, so that comments above it stay above. */
    private static String withLine(String yaml, String line) {
        int at = 0;
        while (at < yaml.length()) {
            int end = yaml.indexOf('\n', at);
            String first = yaml.substring(at, end < 0 ? yaml.length() : end).strip();
            if (!first.isEmpty() && !first.startsWith("#") && !first.startsWith("---") && !first.startsWith("%")) {
                break;
            }
            at = end < 0 ? yaml.length() : end + 1;
        }
        return yaml.substring(0, at) + line + "\n" + yaml.substring(at);
    }

    private static String ask(CliContext context) {
        context.err()
                .println("The document has no default. Where it comes from, tools that it does not name may have been "
                        + "allowed; here they are denied.");
        var answers = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8));
        for (int i = 0; i < MAX_ANSWERS; i++) {
            context.err().print("What shall be written, deny or allow? [deny] ");
            context.err().flush();
            String answer = line(answers);
            if (answer == null) {
                break;
            }
            String word = answer.isBlank() ? "deny" : answer.strip().toLowerCase(Locale.ROOT);
            if (isDefault(word)) {
                return word;
            }
        }
        throw CommandFailure.unusable("say what tools that are not named shall be: --default deny, or --default allow");
    }

    private static @Nullable String line(BufferedReader answers) {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw CommandFailure.unusable("no answer can be read: " + Objects.toString(e.getMessage()), e);
        }
    }

    private static boolean isDefault(String word) {
        return word.equals("deny") || word.equals("allow");
    }
}
