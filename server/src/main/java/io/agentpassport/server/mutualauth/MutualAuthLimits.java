package io.agentpassport.server.mutualauth;

import java.time.Duration;

/**
 * What mutual authentication may take. All that it remembers in memory is bounded: what finds no room is refused, and
 * nothing that still counts is forgotten to make room.
 *
 * @param openChallenges
 *            challenges that wait for an attest, about 1.5 KB each
 * @param openChallengesPerPeer
 *            of those, how many one peer may hold
 * @param rememberedChallenges
 *            challenges of the last minute, used ones included, about 250 bytes each
 * @param sessionsPerIdentity
 *            sessions that an identity may hold; one more displaces the one that rested longest
 * @param activeSessions
 *            sessions with an accepted call within the idle timeout, about 250 bytes each
 * @param cachedSessions
 *            resolved sessions, about 6 KB each; what is not here is read from the store again
 * @param nonces
 *            nonces of the last {@link #NONCE_LIFE}, of all sessions, about 200 bytes each
 * @param noncesPerSession
 *            of those, how many one session may have
 * @param maxSession
 *            the longest life of a session, whatever the policy and the certificates allow
 * @param idleTimeout
 *            for how long a session may rest between accepted calls
 */
public record MutualAuthLimits(int openChallenges, int openChallengesPerPeer, int rememberedChallenges,
        int sessionsPerIdentity, int activeSessions, int cachedSessions, int nonces, int noncesPerSession,
        Duration maxSession, Duration idleTimeout) {

    /** How far the issued_at of an rpc proof may be from our clock (docs/protocol.md, "Statements on the wire"). */
    public static final Duration PROOF_SKEW = Duration.ofSeconds(60);

    /** For how long a nonce cannot be used again in its session: as long as any proof that carries it could be taken. */
    public static final Duration NONCE_LIFE = PROOF_SKEW.multipliedBy(2);

    /**
     * Of the sessions in use, those included that rested or ended since, how many one identity may have: as many as it has
     * that begins a new one each second.
     */
    public static final int ACTIVE_SESSIONS_PER_IDENTITY = 1_024;

    /** For how long a session that is over can still be read and listed. */
    public static final Duration RETENTION = Duration.ofHours(24);

    /** The longest reason for ending a session, in UTF-16 code units, as everywhere. */
    public static final int MAX_REASON_CHARACTERS = 256;

    /** How many sessions one page of a list looks at before it says where to go on. */
    public static final int LOOKED_AT_PER_PAGE = 1_000;

    /** For a service of any size: at most some 600 MB, when everything is full. */
    public static final MutualAuthLimits DEFAULT = new MutualAuthLimits(65_536, 1_024, 262_144, 5, 524_288, 16_384,
            1_048_576, 4_096, Duration.ofHours(8), Duration.ofMinutes(15));

    /** Of the nonces in memory, how many one identity may have, in all its sessions and those that went before. */
    int noncesPerIdentity() {
        return 2 * noncesPerSession;
    }

    public MutualAuthLimits {
        if (openChallenges < 1 || openChallengesPerPeer < 1 || rememberedChallenges < 1 || sessionsPerIdentity < 1
                || activeSessions < 1 || cachedSessions < 1 || nonces < 1 || noncesPerSession < 1) {
            throw new IllegalArgumentException("every limit of mutual authentication is 1 or more");
        }
        if (maxSession.toMillis() < 1 || idleTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("a session lives, and may rest, for 1 ms or more");
        }
    }
}
