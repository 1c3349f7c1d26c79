package io.agentpassport.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SuitesTest {

    @Test
    void coreAnswersEveryVectorOfTheManifestThatIsNotTheGateways() throws IOException {
        Report report = Manifest.read(Path.of("")).runAgainst(new CoreSubject());

        assertThat(report.isOk()).as(report.text()).isTrue();
        assertThat(report.notServed().keySet()).isEqualTo(GatewayPrimitives.NAMES);
        assertThat(report.passed()).isGreaterThan(12_000);
    }
}
