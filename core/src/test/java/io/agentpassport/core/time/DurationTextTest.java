package io.agentpassport.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"0s,PT0S", "1ms,PT0.001S", "1500ms,PT1.5S", "90s,PT90S", "15m,PT15M", "90m,PT90M", "8h,PT8H",
        "30d,PT720H"})
    void isReadAsItIsWritten(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"60s,1m", "24h,1d", "1000ms,1s", "0ms,0s", "999999999s,999999999s"})
    void isWrittenInTheLargestUnitThatHoldsIt(String text, String written) {
        assertThat(DurationText.parse(text)).isNotNull().extracting(DurationText::of).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5", "-5s", "+5s", " 5s", "5s ", "5 s", "1.5h", "1h30m", "5S", "5w", "1234567890s",
        "\u0665s"})
    void anythingElseIsNone(String text) {
        assertThat(DurationText.parse(text)).isNull();
    }
}
