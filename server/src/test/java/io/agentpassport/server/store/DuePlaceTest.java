package io.agentpassport.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DuePlaceTest {

    private static final Codec<DuePlace<String>> CODEC = DuePlace.codec(Codec.text());

    @Test
    void itsBytesAreTheTimeAndTheId() {
        var place = new DuePlace<>(Instant.ofEpochMilli(0x0102030405L), "ab");

        assertThat(HexFormat.of().formatHex(CODEC.encode(place))).isEqualTo("00000001020304056162");
        assertThat(CODEC.decode(CODEC.encode(place))).isEqualTo(place);
        assertThat(HexFormat.of().formatHex(DuePlace.endAt(place.at()))).isEqualTo("0000000102030405");
    }

    @Test
    void withoutAnIdItIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> CODEC.decode(new byte[Long.BYTES]));
    }
}
