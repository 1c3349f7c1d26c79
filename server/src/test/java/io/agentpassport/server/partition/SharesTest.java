package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import org.junit.jupiter.api.Test;

class SharesTest {

    private static final Identity ALICE = new Identity("example.org", "agent:alice");
    private static final Identity BOB = new Identity("example.org", "agent:bob");

    private final Shares<Identity> shares = new Shares<>(2);

    @Test
    void eachHoldsNoMoreThanItMayAndWhoHoldsNothingIsForgotten() {
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isFalse();
        assertThat(shares.take(BOB)).isTrue();
        shares.giveBack(ALICE);
        assertThat(shares.take(ALICE)).isTrue();

        shares.giveBack(ALICE);
        shares.giveBack(ALICE);
        shares.giveBack(BOB);
        assertThat(shares.holders()).isZero();
    }
}
