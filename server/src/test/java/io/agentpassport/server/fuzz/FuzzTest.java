package io.agentpassport.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import io.agentpassport.server.audit.AnchorTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fuzzer makes inputs, led by what code they reach: none may end in an exception, hang, or break what its target says. A
 * few thousand of each in every build; {@code -Dfuzz.runs=N} for more, of all targets together; {@code -Dfuzz.seed=N} for the
 * same again.
 */
class FuzzTest {

    private static final int RUNS = Integer.getInteger("fuzz.runs", 200_000);
    private static final int SEED = Integer.getInteger("fuzz.seed", (int) (System.nanoTime() & 0x7fffffff));

    @TempDir
    Path folder;

    static List<Arguments> targets() {
        return List.of(Arguments.of(JsonTarget.class, Seeds.json()),
                Arguments.of(CertificateTarget.class, Seeds.certificates()),
                Arguments.of(AttestTarget.class, AttestTarget.seeds()),
                Arguments.of(ToolCallTarget.class, Seeds.toolCalls()),
                Arguments.of(PolicyTarget.class, Seeds.policies()),
                Arguments.of(LogTarget.class, Seeds.log()),
                Arguments.of(AnchorTarget.class, AnchorTarget.seeds()));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputBreaksIt(Class<?> target, List<byte[]> seeds) throws Exception {
        int runs = RUNS / targets().size();
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }

        Path said = folder.resolve("said");
        int exit = fuzz(target, corpus, runs, said);

        String text = Files.readString(said, StandardCharsets.UTF_8);
        assertThat(exit).as("-Dfuzz.seed=%d\n%s", SEED, tail(text)).isZero();
        assertThat(text).as("it ran as often as it was asked to").contains("Done " + runs + " runs");
        System.out.printf("FuzzTest: %s, %d runs, -Dfuzz.seed=%d%n", target.getSimpleName(), runs, SEED);
    }

    private int fuzz(Class<?> target, Path corpus, int runs, Path said) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-XX:+EnableDynamicAgentLoading", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Jazzer.class.getName(), "--target_class=" + target.getName(),
                "--instrumentation_includes=io.agentpassport.core.**:io.agentpassport.server.**",
                "-runs=" + runs, "-seed=" + SEED, "-max_len=8192", "-timeout=20",
                "-artifact_prefix=" + folder + "/", "--reproducer_path=" + folder, corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String tail(String text) {
        try (Stream<String> lines = text.lines()) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
        }
    }
}
