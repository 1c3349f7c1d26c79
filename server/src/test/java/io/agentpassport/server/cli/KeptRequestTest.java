package io.agentpassport.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptRequestTest {

    @Test
    void isKeptUnderTheNameOfItsApproval() {
        assertThat(CallCommand.keptIn("appr_0001abcdef0123456789abcd"))
                .isEqualTo(Path.of("appr_0001abcdef0123456789abcd.json"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "../appr_0001abcdef0123456789abcd", "/etc/passwd", "appr_0001abcdef0123456789abcd/x",
        "appr_0001ABCDEF0123456789ABCD"})
    void aServiceDoesNotChooseAnotherFile(String said) {
        assertThat(CallCommand.keptIn(said)).isNull();
    }
}
