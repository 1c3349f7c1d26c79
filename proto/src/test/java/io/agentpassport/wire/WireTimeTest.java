package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_700_000_000_123L, -62_135_596_800_000L, 253_402_300_799_999L})
    void aDocumentsTimeComesBackAsItWas(long millis) {
        Timestamp timestamp = Objects.requireNonNull(WireTime.encodeMillis((double) millis));

        assertThat(WireTime.decode("now", timestamp).toEpochMilli()).isEqualTo(millis);
        assertThat(WireTime.encode(Instant.ofEpochMilli(millis))).isEqualTo(timestamp);
        assertThat(WireTime.millis(Instant.ofEpochMilli(millis))).isEqualTo((double) millis);
    }

    @ParameterizedTest
    @ValueSource(doubles = {253_402_300_800_000d, -62_135_596_800_001d, 9_007_199_254_740_991d, 9.3e18, 1e300, -1e300,
        Double.NaN, Double.POSITIVE_INFINITY})
    void aTimeThatNoTimestampHoldsIsAbsent(double millis) {
        assertThat(WireTime.encodeMillis(millis)).isNull();
    }

    @Test
    void noTimeIsAbsent() {
        assertThat(WireTime.encodeMillis(null)).isNull();
    }

    @Test
    void dropsWhatIsBelowTheMillisecond() {
        assertThat(WireTime.encode(Instant.ofEpochSecond(1, 999_999_999)))
                .isEqualTo(Timestamp.newBuilder().setSeconds(1).setNanos(999_000_000).build());
        assertThat(WireTime.encodeMillis(1.9)).isEqualTo(Timestamp.newBuilder().setNanos(1_000_000).build());
        assertThat(WireTime.encode(Duration.ofMillis(1_500))).isEqualTo(
                com.google.protobuf.Duration.newBuilder().setSeconds(1).setNanos(500_000_000).build());
    }
}
