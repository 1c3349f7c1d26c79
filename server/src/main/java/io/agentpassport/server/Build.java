package io.agentpassport.server;

import org.jspecify.annotations.Nullable;

/** Which build of the program this is. */
public final class Build {

    private static final String UNPACKAGED = "(unpackaged)";

    private Build() {}

    /** The version of the jar. */
    public static String version() {
        @Nullable
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    /** The Java platform that it runs on. */
    public static String java() {
        return Runtime.version().toString();
    }
}
