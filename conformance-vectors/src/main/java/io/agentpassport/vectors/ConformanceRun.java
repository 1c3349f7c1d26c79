package io.agentpassport.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Asks a subject the vectors of files and folders. What cannot be asked (an unknown format, primitive, tag or member, a
 * missing file, an empty folder) is a failure, never left out; only what a subject says it does not serve is counted
 * apart.
 */
public final class ConformanceRun {

    private static final Set<String> ALL_PRIMITIVES = allPrimitives();

    private final List<Path> paths;

    private ConformanceRun(List<Path> paths) {
        this.paths = paths;
    }

    private static Set<String> allPrimitives() {
        Set<String> all = new HashSet<>(new CoreSubject().primitives());
        all.addAll(GatewayPrimitives.NAMES);
        return Set.copyOf(all);
    }

    /** A run over files of vectors, folders of them, and folders of published suites (named as those are). */
    public static ConformanceRun of(List<Path> paths) {
        return new ConformanceRun(List.copyOf(paths));
    }

    /** Asks the subject everything, in the order of the paths. */
    public Report against(Subject subject) {
        var pass = new Pass(subject);
        paths.forEach(pass::path);
        return pass.report();
    }

    /** One run against one subject. */
    private static final class Pass {
        private final Subject subject;
        private final Judgement judgement;
        private final List<Result> results = new ArrayList<>();
        private final TreeMap<String, Integer> notServed = new TreeMap<>();

        Pass(Subject subject) {
            this.subject = subject;
            this.judgement = new Judgement(subject);
        }

        Report report() {
            return new Report(results, notServed);
        }

        private static String problem(IOException e) {
            return e instanceof NoSuchFileException ? "there is no such file" : "cannot be read: " + e.getMessage();
        }

        void path(Path path) {
            try {
                if (!Files.isDirectory(path)) {
                    vectors(VectorFile.read(path));
                } else if (PublishedSuite.isFolder(path)) {
                    vectors(PublishedSuite.read(path));
                } else {
                    folder(path);
                }
            } catch (IOException e) {
                results.add(Result.failed(path.toString(), "a readable file of vectors", problem(e)));
            } catch (MalformedVectorException e) {
                results.add(Result.failed(path.toString(), "a file of vectors", String.valueOf(e.getMessage())));
            }
        }

        private void folder(Path folder) throws IOException {
            List<Path> children;
            try (Stream<Path> listed = Files.list(folder)) {
                children = listed.filter(child -> Files.isDirectory(child) || child.toString().endsWith(".json"))
                        .sorted()
                        .toList();
            }
            if (children.isEmpty()) {
                throw new MalformedVectorException("nothing in the folder");
            }
            children.forEach(this::path);
        }

        private void vectors(List<TestVector> vectors) {
            for (TestVector vector : vectors) {
                String primitive = vector.primitive();
                if (!ALL_PRIMITIVES.contains(primitive)) {
                    results.add(Result.failed(vector.id(), "a known primitive", primitive));
                } else if (!subject.serves(primitive, vector.input())) {
                    notServed.merge(primitive, 1, Integer::sum);
                } else {
                    results.add(ask(vector, vectors));
                }
            }
        }

        private Result ask(TestVector vector, List<TestVector> siblings) {
            try {
                return judgement.judge(vector, siblings);
            } catch (RuntimeException e) {
                // Also a crash of the subject: what is not answered has failed.
                return Result.failed(vector.id(), "an answer", e.toString());
            }
        }
    }
}
