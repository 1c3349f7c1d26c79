package io.agentpassport.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreValuesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aPartitionIsFourHexadecimalDigits() {
        assertThat(PartitionId.SERVICE).hasToString("0000");
        assertThat(new PartitionId(0xbeef)).hasToString("beef");
        assertThat(PartitionId.parse("beef")).isEqualTo(new PartitionId(0xbeef));
        assertThat(PartitionId.parse("ffff")).isEqualTo(new PartitionId(PartitionId.MAX_COUNT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "00001", "BEEF", "-001", "+001", "00g0", " 001"})
    void anythingElseIsNoPartition(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PartitionId.parse(text));
    }

    @Test
    void aPartitionFitsInSixteenBits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PartitionId(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new PartitionId(PartitionId.MAX_COUNT + 1));
    }

    @Test
    void identitiesSpreadOverAllPartitionsButTheServiceOne() {
        SplittableRandom random = new SplittableRandom(1);
        Set<PartitionId> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            byte[] hash = new byte[32];
            random.nextBytes(hash);
            assertThat(PartitionId.of(hash, 1)).isEqualTo(new PartitionId(1));
            assertThat(PartitionId.of(hash, 5)).isEqualTo(PartitionId.of(hash.clone(), 5));
            seen.add(PartitionId.of(hash, 5));
        }
        assertThat(seen).extracting(PartitionId::number).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
        assertThatIllegalArgumentException().isThrownBy(() -> PartitionId.of(new byte[32], 0));
        assertThatIllegalArgumentException().isThrownBy(() -> PartitionId.of(new byte[7], 1));
    }

    @Test
    void keyspacesShareNeitherIdNorName() {
        Keyspace<String, String> one = new Keyspace<>(1, "one", Codec.text(), Codec.text());
        Keyspace<String, Long> sameId = new Keyspace<>(1, "other", Codec.text(), Codec.number());
        Keyspace<String, String> sameName = new Keyspace<>(2, "one", Codec.text(), Codec.text());

        assertThat(Keyspaces.of(one).byId(1)).isSameAs(one);
        assertThat(Keyspaces.of(one).byId(2)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> Keyspaces.of(one, sameId))
                .withMessageContaining("share an id");
        assertThatIllegalArgumentException().isThrownBy(() -> Keyspaces.of(one, sameName)).withMessageContaining("one");
    }

    @Test
    void aKeyspaceHasAnIdOfOneByteAndAPlainName() {
        assertThat(new Keyspace<>(Keyspace.MAX_ID, "a".repeat(40), Codec.text(), Codec.text()).id()).isEqualTo(255);
        assertThatIllegalArgumentException().isThrownBy(() -> new Keyspace<>(0, "a", Codec.text(), Codec.text()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Keyspace<>(256, "a", Codec.text(), Codec.text()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keyspace<>(1, "a".repeat(41), Codec.text(), Codec.text()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keyspace<>(1, "Not plain", Codec.text(), Codec.text()));
    }

    @Test
    void codecsReadBackWhatTheyWroteAndNothingElse() {
        assertThat(Codec.text().decode(Codec.text().encode("día \uD83D\uDE00"))).isEqualTo("día \uD83D\uDE00");
        assertThat(Codec.number().decode(Codec.number().encode(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> Codec.text().decode(new byte[]{(byte) 0xff}));
        assertThatIllegalArgumentException().isThrownBy(() -> Codec.number().decode(new byte[7]));
    }

    @Test
    void aPrefixEndsWhereTheNextBegins() {
        assertThat(KeyRange.prefix("ab".getBytes(UTF_8)).to()).isEqualTo("ac".getBytes(UTF_8));
        assertThat(KeyRange.prefix(new byte[]{1, (byte) 0xff}).to()).containsExactly(2);
        assertThat(KeyRange.prefix(new byte[]{(byte) 0xff}).to()).isNull();
        assertThat(KeyRange.prefix(new byte[0]).to()).isNull();
    }

    @Test
    void aHeadDependsOnEverythingThatWasEverCommitted() {
        RowWrite put = RowWrite.put(1, new byte[]{1}, new byte[]{2}, 3);
        Head head = Head.NONE.next(1, NOW, List.of(put));

        assertThat(head.seq()).isEqualTo(1);
        assertThat(Head.decode(head.encode())).isEqualTo(head);
        assertThat(Set.of(head.digest(), Head.NONE.next(2, NOW, List.of(put)).digest(),
                Head.NONE.next(1, NOW.plusMillis(1), List.of(put)).digest(), Head.NONE.next(1, NOW, List.of()).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.put(2, new byte[]{1}, new byte[]{2}, 3))).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.put(1, new byte[]{9}, new byte[]{2}, 3))).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.put(1, new byte[]{1}, new byte[]{9}, 3))).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.put(1, new byte[]{1}, new byte[]{2}, 9))).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.put(1, new byte[0], new byte[]{1, 2}, 3))).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.delete(1, new byte[]{1}))).digest(),
                Head.NONE.next(1, NOW, List.of(RowWrite.put(1, new byte[]{1}, new byte[0], 0))).digest(),
                head.next(1, NOW, List.of(put)).digest())).hasSize(12);
        assertThatIllegalArgumentException().isThrownBy(() -> Head.decode(ByteBuffer.allocate(55).array()));
    }
}
