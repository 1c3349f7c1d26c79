package io.agentpassport.server.upstream.mcp;

/** Text that others chose, made fit for one line of a log or an answer. */
public final class ForeignText {

    private ForeignText() {}

    /** The text without control, format and unpaired characters, cut to that many. */
    public static String bounded(String text, int most) {
        var line = new StringBuilder(Math.min(text.length(), most));
        for (int i = 0; i < text.length() && line.length() < most; i++) {
            char c = text.charAt(i);
            boolean shown = !Character.isISOControl(c) && !Character.isSurrogate(c)
                    && Character.getType(c) != Character.FORMAT && Character.getType(c) != Character.LINE_SEPARATOR
                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
            line.append(shown ? c : '?');
        }
        return line.toString();
    }
}
