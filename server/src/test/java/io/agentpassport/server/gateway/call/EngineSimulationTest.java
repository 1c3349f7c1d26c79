package io.agentpassport.server.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.agentpassport.server.gateway.call.EngineModel.Violation;
import io.agentpassport.server.partition.Silence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Thousands of random lives of the engine. {@code -Dengine.seeds=100000} runs more of them, and
 * {@code -Dengine.first=SEED -Dengine.seeds=1} runs one again.
 */
@ExtendWith(Silence.class)
class EngineSimulationTest {

    private static final int STEPS = 200;
    private static final long FIRST = Long.getLong("engine.first", 1);
    private static final int SEEDS = Integer.getInteger("engine.seeds", 10_000);

    @BeforeAll
    static void failuresAreMadeOnPurpose() {
        ((Logger) LoggerFactory.getLogger(OpenCalls.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger(OpenCalls.class)).setLevel(null);
    }

    @Test
    void noCrashFailureOrReorderingChangesWhatIsDecidedChargedOrRun() {
        long ran = 0;
        long crashes = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                var simulation = new EngineSimulation(seed, Gateway::new, null);
                simulation.run(STEPS);
                ran += simulation.ran();
                crashes += simulation.crashes();
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        // A simulation in which little happens proves little.
        assertThat(ran).as("runs").isGreaterThan(3L * SEEDS);
        assertThat(crashes).as("crashes").isGreaterThan(SEEDS);
    }

    @ParameterizedTest
    @EnumSource(BrokenEngines.class)
    void findsAnEngineThatLacksAProtection(BrokenEngines broken) {
        for (long seed = 1; seed <= 5_000; seed++) {
            try {
                new EngineSimulation(seed, broken, broken.budgets()).run(STEPS);
            } catch (Violation e) {
                System.out.println(broken + " found by seed " + seed + ": " + e.getMessage());
                return;
            }
        }
        throw new AssertionError("no simulation noticed that the engine " + broken);
    }
}
