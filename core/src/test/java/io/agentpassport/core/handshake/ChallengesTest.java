package io.agentpassport.core.handshake;

import static io.agentpassport.core.Parties.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.handshake.Challenges.Taken;
import io.agentpassport.core.handshake.Challenges.Untaken;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Test;

class ChallengesTest {

    private static final Untaken<String> UNKNOWN = new Untaken<>(
            Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce"));
    private static final Untaken<String> CONSUMED = new Untaken<>(
            Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed"));

    private final Challenges<String> challenges = new Challenges<>(2);

    @Test
    void aChallengeIsTakenOnce() {
        assertThat(challenges.open("a", "kept", NOW)).isTrue();

        assertThat(challenges.take("a", NOW)).isEqualTo(new Taken<>("kept"));
        assertThat(challenges.take("a", NOW)).isEqualTo(CONSUMED);
    }

    @Test
    void whatWasNeverIssuedIsUnknown() {
        assertThat(challenges.take("a", NOW)).isEqualTo(UNKNOWN);
        assertThat(challenges.take(null, NOW)).isEqualTo(UNKNOWN);
    }

    @Test
    void aChallengeLivesForAMinute() {
        challenges.open("a", "kept", NOW);
        challenges.open("b", "kept", NOW);

        assertThat(challenges.take("a", NOW + 60_000)).isEqualTo(new Taken<>("kept"));
        assertThat(challenges.take("b", NOW + 60_001)).isEqualTo(UNKNOWN);
        assertThat(challenges.take("a", NOW + 60_001)).isEqualTo(UNKNOWN);
    }

    @Test
    void thereIsRoomForSoManyAndAgainWhenTheirLifeIsOver() {
        assertThat(challenges.open("a", "kept", NOW)).isTrue();
        assertThat(challenges.open("b", "kept", NOW + 1)).isTrue();
        assertThat(challenges.open("c", "kept", NOW + 60_000)).isFalse();
        assertThat(challenges.open("c", "kept", NOW + 60_001)).isTrue();
        assertThat(challenges.open("d", "kept", NOW + 60_001)).isFalse();
        assertThat(challenges.size()).isEqualTo(2);
    }

    @Test
    void aConsumedChallengeIsRememberedToTheEndOfItsLife() {
        challenges.open("a", "kept", NOW);
        challenges.take("a", NOW);
        challenges.open("b", "kept", NOW);

        assertThat(challenges.open("c", "kept", NOW)).isFalse();
        assertThat(challenges.take("a", NOW + 60_000)).isEqualTo(CONSUMED);
    }

    @Test
    void oneNonceIsNotOpenedTwice() {
        assertThat(challenges.open("a", "first", NOW)).isTrue();
        assertThat(challenges.open("a", "second", NOW)).isFalse();
        assertThat(challenges.take("a", NOW)).isEqualTo(new Taken<>("first"));
    }

    @Test
    void ofSixtyFourThatTakeAChallengeExactlyOneGetsIt() throws InterruptedException, ExecutionException {
        int racers = 64;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < 50; round++) {
                var raced = new Challenges<Integer>(1);
                raced.open("a", round, NOW);
                var start = new Phaser(racers);
                var takes = new ArrayList<Future<Challenges.Taking<Integer>>>();
                for (int i = 0; i < racers; i++) {
                    takes.add(threads.submit(() -> {
                        start.arriveAndAwaitAdvance();
                        return raced.take("a", NOW);
                    }));
                }
                int taken = 0;
                for (Future<Challenges.Taking<Integer>> take : takes) {
                    taken += take.get() instanceof Taken<Integer> ? 1 : 0;
                }
                assertThat(taken).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void atLeastOneIsRemembered() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Challenges<String>(0));
    }
}
