package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.crash.Finding.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each guard of the service is taken away once, and what it guards against is found; and nothing is when all are there. */
class NegativeControlsTest {

    /** The first that finds something is the last. */
    private static final int MOST_ROUNDS = 6;

    @TempDir
    Path folder;

    private DataFolder data;

    @BeforeEach
    void name() {
        data = new DataFolder(folder.resolve("data"));
    }

    @ParameterizedTest
    @CsvSource({"WRITTEN_BEFORE_ANSWERED, LOST", "KEPT_COUNTERS, LIMIT_EXCEEDED", "KEPT_MONEY, BUDGET_EXCEEDED",
        "KEPT_REQUEST_IDS, RAN_TWICE", "ONE_RUN, RAN_TWICE", "KEPT_TOKENS, TOKEN_USED_TWICE",
        "KEPT_REVOCATIONS, REVOCATION_LOST", "KEPT_APPROVALS, APPROVAL_USED_TWICE", "KEPT_LOG, LOG_BROKEN",
        "KEPT_GRANTS, LOST"})
    void withoutAProtectionItsFaultIsFound(Protection off, Kind fault) throws Exception {
        // The log is read after the last round.
        int rounds = off == Protection.KEPT_LOG ? 1 : MOST_ROUNDS;

        assertThat(play(off, rounds, () -> {})).extracting(Finding::kind).contains(fault);
    }

    @Test
    void withAllOfThemNothingIsFound() throws Exception {
        assertThat(Finding.text(play(Protection.NONE, 2, () -> {}))).isEmpty();
    }

    @Test
    void aDatabaseThatWasCutIsFoundToHaveLostWhatWasAnsweredWhenNoAnchorIsThereToRefuseIt() throws Exception {
        assertThat(play(Protection.ANCHOR, 1, this::cutWithoutAnchor)).extracting(Finding::kind)
                .contains(Kind.LOST)
                .doesNotContain(Kind.NOT_SERVING);
    }

    @Test
    void andWithItsAnchorItIsNotServed() throws Exception {
        assertThat(play(Protection.NONE, 1, this::cut)).extracting(Finding::what)
                .first()
                .asString()
                .contains("is not served", "repair");
    }

    private List<Finding> play(Protection off, int rounds, CrashRun.Between between) throws Exception {
        long seed = System.nanoTime();
        System.out.printf("NegativeControlsTest: %s, seed %d%n", off, seed);
        return CrashRun
                .killed(ServiceInTest.on(data, CrashRun.runs(folder), off), folder, seed, new Figures(), between)
                .play(rounds);
    }

    private void cut() throws IOException {
        try (Stream<Path> files = Files.list(data.database())) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            try (FileChannel open = FileChannel.open(log, StandardOpenOption.WRITE)) {
                open.truncate(open.size() * 3 / 4);
            }
        }
    }

    private void cutWithoutAnchor() throws IOException {
        cut();
        Files.delete(data.anchorKey());
        try (Stream<Path> files = Files.list(data.anchors())) {
            for (Path anchor : files.toList()) {
                Files.delete(anchor);
            }
        }
        Files.delete(data.anchors());
    }
}
