package io.agentpassport.server.policy;

/** How a policy document is written. */
public enum PolicyFormat {
    /** JSON, by the strict gate. */
    JSON,
    /** The part of YAML that says what JSON can say; JSON is a part of it. */
    YAML;

    /** JSON for a text that begins with a brace. */
    public static PolicyFormat of(String text) {
        return text.stripLeading().startsWith("{") ? JSON : YAML;
    }
}
