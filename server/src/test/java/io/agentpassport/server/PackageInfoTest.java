package io.agentpassport.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rule R8 of {@code docs/architecture.md}, on the sources of every module. */
class PackageInfoTest {

    private static final List<String> MODULES = List.of("core", "proto", "client", "conformance-vectors", "server");
    private static final List<String> ROOTS = List.of("src/main/java", "src/test/java", "src/jmh/java");
    private static final Pattern SENTENCE_AND_NULL_MARKED = Pattern
            .compile("/\\*\\*[\\s*]+\\p{Lu}.*\\.\\s.*\\*/\\s*@NullMarked\\s+package .*", Pattern.DOTALL);

    @Test
    void r8EveryPackageSaysWhatLivesInItAndForbidsNull() throws IOException {
        for (String module : MODULES) {
            assertThat(packages(Path.of("..", module)))
                    .as("R8: in %s, package-info.java has a sentence of Javadoc, then @NullMarked, then the package",
                            module)
                    .allMatch(name -> SENTENCE_AND_NULL_MARKED.matcher(info(Path.of("..", module), name)).matches());
        }
    }

    /** The packages of a module that have Java files, as paths below a source root. */
    private static List<Path> packages(Path module) throws IOException {
        if (Files.notExists(module.resolve("src/main/java"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> module.relativize(file.getParent()))
                    .map(folder -> folder.subpath(3, folder.getNameCount()))
                    .distinct()
                    .toList();
        }
    }

    /** What a module says of a package, empty if nothing. Tests and benchmarks share the package of what they test. */
    private static String info(Path module, Path name) {
        try {
            for (String root : ROOTS) {
                Path file = module.resolve(root).resolve(name).resolve("package-info.java");
                if (Files.exists(file)) {
                    return Files.readString(file);
                }
            }
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
