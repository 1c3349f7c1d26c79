package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.config.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service in a process of its own is killed under load, again and again, and keeps all that it promised.
 * {@code -Dcrash.rounds=N} plays more rounds, {@code -Dcrash.seed=N} the same again, {@code -Dcrash.report=FILE} writes the
 * figures down.
 */
class CrashHarnessTest {

    private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    /** How many rounds one data folder lives for; then its log is read from the first entry to the last. */
    private static final int ROUNDS_OF_A_FOLDER = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void killedAtAnyMomentItKeepsWhatItPromised() throws Exception {
        System.out.printf("CrashHarnessTest: %d rounds, -Dcrash.seed=%d%n", ROUNDS, SEED);
        var figures = new Figures();
        RandomGenerator seeds = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        while (figures.rounds() < ROUNDS) {
            Path world = folder.resolve("from-round-" + figures.rounds());
            List<Finding> findings = play(world, seeds.nextLong(), figures);

            report(figures);
            assertThat(Finding.text(findings))
                    .as("-Dcrash.seed=%d -Dcrash.rounds=%d; %s is kept", SEED, figures.rounds(), world)
                    .isEmpty();
            System.out.printf("CrashHarnessTest: round %d of %d%n", figures.rounds(), ROUNDS);
        }
        System.out.print(figures.text());
        assertThat(figures.allowed()).as("each kind of call was among them").containsOnlyKeys(Lot.Kind.values());
    }

    private static List<Finding> play(Path world, long seed, Figures figures) throws Exception {
        Files.createDirectories(world);
        Service.Launcher launcher = ServiceProcess.on(new DataFolder(world.resolve("data")), CrashRun.runs(world),
                Protection.NONE);
        int rounds = Math.min(ROUNDS_OF_A_FOLDER, ROUNDS - figures.rounds());
        return CrashRun.ofProcess(launcher, world, seed, figures).play(rounds);
    }

    /** So far: a run that is interrupted has told something. */
    private static void report(Figures figures) throws IOException {
        String file = System.getProperty("crash.report");
        if (file != null) {
            Files.writeString(Path.of(file), "seed: " + SEED + "\n" + figures.text());
        }
    }
}
