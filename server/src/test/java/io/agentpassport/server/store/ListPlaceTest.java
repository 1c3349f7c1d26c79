package io.agentpassport.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.crypto.HexText;
import org.junit.jupiter.api.Test;

/** The bytes are on disk and in page tokens. */
final class ListPlaceTest {

    private static final Codec<ListPlace<String>> CODEC = ListPlace.codec(Codec.text());

    @Test
    void aPlaceIsTheListThenWhatIsLessTheNewerThenTheId() {
        var place = new ListPlace<>("ab".repeat(32), 1_000, "id");

        assertThat(HexText.encode(CODEC.encode(place))).isEqualTo("ab".repeat(32) + "7ffffffffffffc17" + "6964");
        assertThat(CODEC.decode(CODEC.encode(place))).isEqualTo(place);
    }

    @Test
    void aPlaceWithoutAnIdIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CODEC.decode(new byte[ListPlace.BYTES_BEFORE_ID]));
        assertThat(CODEC.decode(new byte[ListPlace.BYTES_BEFORE_ID + 1]).list()).isEqualTo(ListPlace.ALL_OF_THEM);
    }
}
