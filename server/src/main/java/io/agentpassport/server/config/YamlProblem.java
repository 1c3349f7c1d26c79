package io.agentpassport.server.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Why a file is not YAML, in words for who wrote it: a parser speaks of nodes, tokens and streams. */
public final class YamlProblem {

    private YamlProblem() {}

    /** The problem, without its place. */
    public static String inWords(MarkedYamlEngineException e) {
        String said = String.valueOf(e.getProblem());
        if (said.contains("(TAB)")) {
            return "tabs cannot indent; use spaces";
        }
        if (said.startsWith("mapping values are not allowed")) {
            return "a colon that is no place for one; put a text that holds a colon in quotes";
        }
        if (said.startsWith("found duplicate key")) {
            return "stands twice:" + said.substring("found duplicate key".length());
        }
        if (said.startsWith("found unexpected end of stream")) {
            return "a quote is not closed";
        }
        if (said.startsWith("could not find expected ':'")) {
            return "a key without its colon";
        }
        return said.replace("'<stream end>'", "the end of the file")
                .replace("the node content", "a value")
                .replaceAll("'?<([a-z ]+)>'?", "$1");
    }

    /** Where it shows, such as {@code (line 3, column 7)}; empty when that is not known. */
    public static String placeOf(Optional<Mark> mark) {
        return mark.map(at -> " (line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1) + ")").orElse("");
    }
}
