package io.agentpassport.server.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.vectors.ConformanceRun;
import io.agentpassport.vectors.GatewayPrimitives;
import io.agentpassport.vectors.Manifest;
import io.agentpassport.vectors.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The suites that only the gateway can be asked. */
class GatewayVectorsTest {

    private static final Path VECTORS = Path.of("../conformance-vectors");

    @ParameterizedTest
    @CsvSource({"limit, 180", "policy, 1100"})
    void theGatewayAnswersEveryVectorOfTheSuite(String suite, int least) throws IOException {
        Manifest manifest = Manifest.read(VECTORS);

        Report report = ConformanceRun.of(List.of(manifest.folder(suite))).against(new ProgramSubject());

        assertThat(manifest.faults()).isEmpty();
        assertThat(report.isOk()).as(report.text()).isTrue();
        assertThat(report.notServed()).isEmpty();
        assertThat(report.passed()).isGreaterThan(least);
    }

    @Test
    void theProgramAnswersAllThereIsToAnswer() {
        assertThat(new ProgramSubject().primitives()).containsAll(GatewayPrimitives.NAMES).contains("verifyAttest");
    }
}
