package io.agentpassport.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The suites of others, each in its own format: read from a folder of the suite's name, as vectors. */
final class PublishedSuite {

    /** Reads the suite in a folder. */
    private interface Reader {
        List<TestVector> read(Path folder) throws IOException;
    }

    private static final Map<String, Reader> READERS = Map.of(
            "wycheproof", Ed25519Suites::wycheproof,
            "speccheck", Ed25519Suites::speccheck,
            "cctv-ed25519", Ed25519Suites::cctv,
            "ed25519-cr-yp-to", Ed25519Suites::ed25519CrYpTo,
            "es6numbers", JsonSuites::es6numbers,
            "rfc8785", JsonSuites::rfc8785,
            "jsontestsuite", JsonSuites::jsontestsuite);

    private PublishedSuite() {}

    static boolean isFolder(Path path) {
        return READERS.containsKey(String.valueOf(path.getFileName()));
    }

    static List<TestVector> read(Path folder) throws IOException {
        Reader reader = READERS.get(String.valueOf(folder.getFileName()));
        if (reader == null) {
            throw new IllegalArgumentException("no published suite: " + folder);
        }
        return reader.read(folder);
    }
}
