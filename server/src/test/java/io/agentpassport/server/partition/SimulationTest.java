package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.partition.Simulation.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of random lives of a partition. {@code -Dsimulation.seeds=100000} runs more of them, and
 * {@code -Dsimulation.first=SEED -Dsimulation.seeds=1} runs one again.
 */
@ExtendWith(Silence.class)
class SimulationTest {

    private static final int STEPS = 150;
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1500);

    @Test
    void noCrashFailureOrReorderingLosesRepeatsOrSplitsACommand() {
        long commits = 0;
        long lives = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Simulation simulation = new Simulation(seed, Writer::of);
            try {
                simulation.run(STEPS);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            commits += simulation.commits();
            lives += simulation.lives();
        }
        // A simulation in which little happens proves little.
        assertThat(commits).as("commits").isGreaterThan(10L * SEEDS);
        assertThat(lives).as("lives").isGreaterThan(2L * SEEDS);
    }

    @ParameterizedTest
    @EnumSource(BrokenWriters.class)
    void findsAWriterThatLacksAProtection(BrokenWriters broken) {
        for (long seed = 1; seed <= 20_000; seed++) {
            try {
                new Simulation(seed, broken).run(STEPS);
            } catch (Violation e) {
                System.out.println(broken + " found by seed " + seed + ": " + e.getMessage());
                return;
            }
        }
        throw new AssertionError("no simulation noticed that the writer " + broken);
    }
}
