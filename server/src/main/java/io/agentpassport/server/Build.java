package io.agentpassport.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** Which build of the program this is. */
public final class Build {

    private static final String UNPACKAGED = "(unpackaged)";
    private static final String UNKNOWN = "unknown";

    private Build() {}

    /** The version of the jar. */
    public static String version() {
        @Nullable
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    /** The commit that it was built from, when the build was told; else {@code unknown}. */
    public static String commit() {
        // Ours is the first jar on the class path; another's manifest has no such entry.
        try (InputStream manifest = Build.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            @Nullable
            String commit = manifest == null ? null
                    : new Manifest(manifest).getMainAttributes().getValue("Build-Commit");
            return commit == null || !commit.matches("[0-9a-f]{7,64}") ? UNKNOWN : commit;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** The Java platform that it runs on. */
    public static String java() {
        return Runtime.version().toString();
    }
}
