package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.config.DataFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service in a process of its own is killed under load, again and again, and keeps all that it promised.
 * {@code -Dcrash.rounds=N} plays more rounds, {@code -Dcrash.seed=N} the same again.
 */
class CrashHarnessTest {

    private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void killedAtAnyMomentItKeepsWhatItPromised() throws Exception {
        System.out.printf("CrashHarnessTest: %d rounds, -Dcrash.seed=%d%n", ROUNDS, SEED);
        var figures = new Figures();
        var data = new DataFolder(folder.resolve("data"));
        Service.Launcher launcher = ServiceProcess.on(data, CrashRun.runs(folder), Protection.NONE);

        assertThat(Finding.text(CrashRun.ofProcess(launcher, folder, SEED, figures).play(ROUNDS)))
                .as("seed %d, round %d; the folder %s is kept", SEED, figures.rounds(), folder)
                .isEmpty();

        System.out.print(figures.text());
        assertThat(figures.allowed()).as("each kind of call was among them").containsOnlyKeys(Lot.Kind.values());
    }
}
