package io.agentpassport.core.handshake;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The challenges that a responder has made and remembers, each to be answered once, within 60 s (docs/protocol.md
 * section 5). In memory and bounded; a restart forgets them all. Safe for any number of threads: of many that take one
 * challenge exactly one gets it.
 *
 * @param <T> what the responder keeps with a challenge
 */
public final class Challenges<T> {

    /** A challenge can be answered up to and including this long after it was made. */
    public static final long LIFE_MILLIS = 60_000;

    private final int capacity;
    private final ConcurrentHashMap<String, Challenge<T>> byNonce = new ConcurrentHashMap<>();
    /** Guarded by this object's lock, as is every addition to the map. */
    private final ArrayDeque<Challenge<T>> oldestFirst = new ArrayDeque<>();

    /** Remembers at most so many, open and consumed together. */
    public Challenges(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("at least one challenge is remembered");
        }
        this.capacity = capacity;
    }

    private record Challenge<T>(String nonceText, double madeAtMillis, T kept, AtomicBoolean consumed) {
        boolean isAliveAt(double nowMillis) {
            return nowMillis - madeAtMillis <= LIFE_MILLIS;
        }
    }

    /** What taking answers: {@link Taken}, or why there is nothing to take. */
    public sealed interface Taking<T> permits Taken, Untaken {}

    /** The challenge was open, and is the caller's alone now. */
    public record Taken<T>(T kept) implements Taking<T> {}

    /**
     * There is no open challenge of that nonce.
     *
     * @param failure what the attest is answered at check 2, see {@link AttestVerifier#refuseAtNonces}
     */
    public record Untaken<T>(Failure failure) implements Taking<T> {}

    /**
     * Remembers a challenge; false when there is no room, or the nonce is remembered already.
     *
     * @param nonceText the responder's own nonce, base64
     * @param kept what {@link #take} gives back
     * @param nowMillis unix milliseconds
     */
    public synchronized boolean open(String nonceText, T kept, double nowMillis) {
        forgetEnded(nowMillis);
        if (byNonce.size() >= capacity) {
            return false;
        }
        var challenge = new Challenge<>(nonceText, nowMillis, kept, new AtomicBoolean());
        if (byNonce.putIfAbsent(nonceText, challenge) != null) {
            return false;
        }
        oldestFirst.add(challenge);
        return true;
    }

    /**
     * Takes the challenge that an attest answers, before anything is verified, so that a failed attest consumes it too.
     *
     * @param nonceText the attest's {@code peer_nonce_b64}; null when it has none
     * @param nowMillis unix milliseconds
     */
    public Taking<T> take(@Nullable String nonceText, double nowMillis) {
        Challenge<T> challenge = nonceText == null ? null : byNonce.get(nonceText);
        if (challenge == null || !challenge.isAliveAt(nowMillis)) {
            return new Untaken<>(Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce"));
        }
        if (!challenge.consumed.compareAndSet(false, true)) {
            return new Untaken<>(Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed"));
        }
        return new Taken<>(challenge.kept);
    }

    /** How many are remembered, those consumed or past their life included. */
    public int size() {
        return byNonce.size();
    }

    private void forgetEnded(double nowMillis) {
        for (Challenge<T> oldest = oldestFirst.peek(); oldest != null
                && !oldest.isAliveAt(nowMillis); oldest = oldestFirst.peek()) {
            byNonce.remove(oldest.nonceText, oldestFirst.remove());
        }
    }
}
