package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.UnsignedCertificate;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Challenges;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenChallengesTest {

    private static final long NOW = 1_000_000;
    private static final Challenges.Taking<Challenge> CONSUMED = new Challenges.Untaken<>(
            Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed"));
    private static final Challenges.Taking<Challenge> UNKNOWN = new Challenges.Untaken<>(
            Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce"));

    private final NonceSource nonces = NonceSource.from(new Random(1));
    private final VerifiedCertificate certificate = certificate();

    @Test
    void of64TakersOneGetsTheChallenge() throws Exception {
        for (int round = 0; round < 200; round++) {
            OpenChallenges challenges = with(10, 10, 10);
            Challenge challenge = challenge("peer");
            challenges.open(challenge, NOW);

            List<Challenges.Taking<Challenge>> takes = HandshakesTest.race(64,
                    () -> challenges.take(challenge.ownNonceText(), NOW));

            assertThat(takes).filteredOn(new Challenges.Taken<>(challenge)::equals).hasSize(1);
            assertThat(takes).filteredOn(CONSUMED::equals).hasSize(63);
        }
    }

    /** The race above tells: of takers that look first and take then, each gets it when they meet in between. */
    @Test
    void takersThatLookFirstAllGetTheChallenge() throws Exception {
        var slot = new AtomicReference<@Nullable Challenge>(challenge("peer"));
        var between = new CyclicBarrier(64);

        List<Boolean> taken = HandshakesTest.race(64, () -> {
            Challenge found = slot.get();
            between.await();
            slot.set(null);
            return found != null;
        });

        assertThat(taken).filteredOn(Boolean::booleanValue).hasSize(64);
    }

    @Test
    void aChallengeLives60SecondsAndItsUseIsRememberedAsLong() {
        OpenChallenges challenges = with(10, 10, 10);
        Challenge used = open(challenges, NOW);
        Challenge unused = open(challenges, NOW);

        assertThat(challenges.take(used.ownNonceText(), NOW + 60_000)).isEqualTo(new Challenges.Taken<>(used));
        assertThat(challenges.take(used.ownNonceText(), NOW + 60_000)).isEqualTo(CONSUMED);
        assertThat(challenges.take(used.ownNonceText(), NOW + 60_001)).isEqualTo(UNKNOWN);
        assertThat(challenges.take(unused.ownNonceText(), NOW + 60_001)).isEqualTo(UNKNOWN);
    }

    @Test
    void whenFullANewOneIsRefusedAndTheOpenOnesStay() {
        OpenChallenges challenges = with(3, 10, 100);
        List<Challenge> open = List.of(open(challenges, NOW), open(challenges, NOW), open(challenges, NOW + 1));

        assertThat(challenges.open(challenge("peer"), NOW + 60_000)).isEqualTo(OpenChallenges.Opened.TOO_MANY);
        assertThat(challenges.take(open.getFirst().ownNonceText(), NOW + 60_000))
                .isEqualTo(new Challenges.Taken<>(open.getFirst()));
        assertThat(challenges.open(challenge("peer"), NOW + 60_000)).isEqualTo(OpenChallenges.Opened.OPEN);
    }

    @Test
    void whatHasEndedMakesRoom() {
        OpenChallenges challenges = with(2, 2, 2);
        open(challenges, NOW);
        open(challenges, NOW);
        assertThat(challenges.open(challenge("peer"), NOW + 60_000)).isNotEqualTo(OpenChallenges.Opened.OPEN);

        open(challenges, NOW + 60_001);
        open(challenges, NOW + 60_001);
        assertThat(challenges.peers()).isEqualTo(1);
    }

    @Test
    void usedChallengesTakeRoomUntilTheyEnd() {
        OpenChallenges challenges = with(10, 10, 3);
        for (int i = 0; i < 3; i++) {
            challenges.take(open(challenges, NOW).ownNonceText(), NOW);
        }

        assertThat(challenges.open(challenge("peer"), NOW)).isEqualTo(OpenChallenges.Opened.TOO_MANY);
        assertThat(challenges.peers()).isZero();
        open(challenges, NOW + 60_001);
    }

    @Test
    void onePeerCannotHoldThemAll() {
        OpenChallenges challenges = with(10, 2, 100);
        Challenge first = open(challenges, NOW);
        open(challenges, NOW);

        assertThat(challenges.open(challenge("peer"), NOW)).isEqualTo(OpenChallenges.Opened.TOO_MANY_OF_PEER);
        assertThat(challenges.open(challenge("another"), NOW)).isEqualTo(OpenChallenges.Opened.OPEN);
        challenges.take(first.ownNonceText(), NOW);
        assertThat(challenges.open(challenge("peer"), NOW)).isEqualTo(OpenChallenges.Opened.OPEN);
    }

    @Test
    void noNonceIsUnknown() {
        assertThat(with(1, 1, 1).take(null, NOW)).isEqualTo(UNKNOWN);
    }

    private Challenge open(OpenChallenges challenges, long now) {
        Challenge challenge = challenge("peer");
        assertThat(challenges.open(challenge, now)).isEqualTo(OpenChallenges.Opened.OPEN);
        return challenge;
    }

    private Challenge challenge(String peer) {
        return new Challenge(nonces.nonce().text(), nonces.nonce().text(), certificate, new Attest(JsonObject.EMPTY),
                peer);
    }

    private static OpenChallenges with(int open, int perPeer, int remembered) {
        return new OpenChallenges(
                new MutualAuthLimits(open, perPeer, remembered, 5, 10, 10, 10, 10, Duration.ofHours(8),
                        Duration.ofMinutes(15)));
    }

    private VerifiedCertificate certificate() {
        Signer key = Signer.fromSeed(nonces.bytes(32));
        var valid = (CertificateVerifier.Valid) CertificateVerifier.DIRECT
                .verify(new UnsignedCertificate(Role.INFORMATION_SYSTEM, "s", key.publicKey(), "i", Role.TRUST_ANCHOR,
                        key.publicKey(), 0, 1, "passport://localhost", null, TestAgent.VERSIONS, null).sign(key));
        return valid.certificate();
    }
}
