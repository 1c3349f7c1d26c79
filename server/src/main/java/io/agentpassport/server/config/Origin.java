package io.agentpassport.server.config;

import java.util.Locale;

/** Where a value of the configuration comes from; each counts before those above it. */
public enum Origin {
    /** Nobody said anything. */
    DEFAULT,
    /** The configuration file. */
    FILE,
    /** A variable of the environment. */
    ENVIRONMENT,
    /** The command line. */
    FLAG;

    /** The word for people and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
