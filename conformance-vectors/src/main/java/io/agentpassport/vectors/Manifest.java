package io.agentpassport.vectors;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code manifest.json}: every file under {@code suites/} with its SHA-256 and how many vectors it holds, so that none
 * can change or go missing unseen.
 */
public final class Manifest {

    private static final String FORMAT = "agentpassport-manifest/1";

    private final Path root;
    private final List<Entry> entries;

    private Manifest(Path root, List<Entry> entries) {
        this.root = root;
        this.entries = entries;
    }

    /** One file. */
    private record Entry(String path, String sha256, int vectors, String suite) {}

    /**
     * Reads the manifest.
     *
     * @param root the folder of {@code manifest.json} and {@code suites/}
     */
    public static Manifest read(Path root) throws IOException {
        JsonObject file = VectorFile.readObject(root.resolve("manifest.json"));
        if (!FORMAT.equals(file.string("format"))) {
            throw new MalformedVectorException("manifest.json is not of format " + FORMAT);
        }
        var entries = new ArrayList<Entry>();
        for (JsonObject json : new Input(file).objects("files")) {
            var members = new Input(json);
            members.text("source");
            members.text("licence");
            entries.add(new Entry(members.text("path"), members.text("sha256"), (int) members.number("vectors"),
                    members.text("suite")));
            members.requireAllRead();
        }
        return new Manifest(root, entries);
    }

    /** The suites' names. */
    public List<String> suites() {
        return entries.stream().map(Entry::suite).distinct().sorted().toList();
    }

    /** The folder of a suite. */
    public Path folder(String suite) {
        return root.resolve("suites").resolve(suite);
    }

    /** Asks a subject all suites, after every file has been found unchanged. */
    public Report runAgainst(Subject subject) throws IOException {
        var results = new ArrayList<>(faults());
        var notServed = new TreeMap<String, Integer>();
        for (String suite : suites()) {
            Report report = ConformanceRun.of(List.of(folder(suite))).against(subject);
            results.addAll(report.results());
            report.notServed().forEach((primitive, count) -> notServed.merge(primitive, count, Integer::sum));
            int answered = report.results().size()
                    + report.notServed().values().stream().mapToInt(Integer::intValue).sum();
            int expected = entries.stream()
                    .filter(entry -> entry.suite.equals(suite))
                    .mapToInt(Entry::vectors)
                    .sum();
            if (answered != expected) {
                results.add(Result.failed(suite, expected + " vectors", answered + " vectors"));
            }
        }
        return new Report(results, notServed);
    }

    /** What is wrong with the files: changed, missing, or not in the manifest. */
    public List<Result> faults() throws IOException {
        var faults = new ArrayList<Result>();
        var listed = new TreeMap<String, String>();
        for (Entry entry : entries) {
            if (listed.put(entry.path, entry.sha256) != null) {
                faults.add(Result.failed(entry.path, "one entry in manifest.json", "two"));
            }
        }
        var unlisted = new TreeSet<>(filesThere());
        unlisted.removeAll(listed.keySet());
        unlisted.forEach(path -> faults.add(Result.failed(path, "an entry in manifest.json", "none")));
        for (Map.Entry<String, String> entry : listed.entrySet()) {
            Path file = root.resolve(entry.getKey());
            String sha256 = Files.isRegularFile(file)
                    ? HexText.encode(Digest.sha256(Files.readAllBytes(file)))
                    : "no such file";
            if (!sha256.equals(entry.getValue())) {
                faults.add(Result.failed(entry.getKey(), "SHA-256 " + entry.getValue(), sha256));
            }
        }
        return faults;
    }

    private List<String> filesThere() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("suites"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }
}
