package io.agentpassport.server.mutualauth;

import io.agentpassport.core.handshake.Challenges;
import io.agentpassport.server.partition.Shares;
import org.jspecify.annotations.Nullable;

/** The challenges of this node, of which one peer may hold only some. */
final class OpenChallenges {

    /** What opening answers. */
    enum Opened {
        /** The challenge can be taken from now on. */
        OPEN,
        /** Too many are open, by whomever. */
        TOO_MANY,
        /** The peer holds too many. */
        TOO_MANY_OF_PEER
    }

    private final Challenges<Challenge> challenges;
    private final Shares<String> byPeer;

    OpenChallenges(MutualAuthLimits limits) {
        this.byPeer = new Shares<>(limits.openChallengesPerPeer());
        this.challenges = new Challenges<>(limits.openChallenges(), limits.rememberedChallenges(),
                challenge -> byPeer.giveBack(challenge.peer()));
    }

    Opened open(Challenge challenge, long nowMillis) {
        challenges.forgetEnded((double) nowMillis);
        if (!byPeer.take(challenge.peer())) {
            return Opened.TOO_MANY_OF_PEER;
        }
        if (!challenges.open(challenge.ownNonceText(), challenge, (double) nowMillis)) {
            byPeer.giveBack(challenge.peer());
            return Opened.TOO_MANY;
        }
        return Opened.OPEN;
    }

    Challenges.Taking<Challenge> take(@Nullable String nonceText, long nowMillis) {
        return challenges.take(nonceText, (double) nowMillis);
    }

    /** How many peers hold challenges. */
    int peers() {
        return byPeer.holders();
    }
}
