package io.agentpassport.vectors;

/**
 * What became of one vector, or of a file that could not be asked.
 *
 * @param id the vector's id, or the file's path
 * @param passed whether the answer was the right one
 * @param expected the right answer, as text for people
 * @param got the answer, likewise
 */
public record Result(String id, boolean passed, String expected, String got) {

    /** Longer texts are cut in {@link #text()}. */
    private static final int SHOWN_CHARS = 600;

    static Result failed(String id, String expected, String got) {
        return new Result(id, false, expected, got);
    }

    /** Three lines: the id, what was expected and what came. */
    public String text() {
        return id + "\n  expected " + cut(expected) + "\n  got      " + cut(got);
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARS
                ? text
                : text.substring(0, SHOWN_CHARS) + "... (" + text.length() + " characters)";
    }
}
