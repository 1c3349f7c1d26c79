package io.agentpassport.server.gateway.call;

/** What is to become of a call that is allowed. */
public enum CallMode {
    /** The service runs it. */
    RUN("run"),
    /** The caller runs it, and settles. */
    AUTHORIZE("authorize"),
    /** Nothing: it was only asked. */
    PREVIEW("preview");

    private final String text;

    CallMode(String text) {
        this.text = text;
    }

    /**
     * The mode of that word.
     *
     * @throws IllegalArgumentException
     *             when there is none
     */
    static CallMode fromText(String text) {
        for (CallMode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no mode of a call: " + text);
    }

    /** The word for it in the log. */
    public String text() {
        return text;
    }
}
