package io.agentpassport.core.handshake;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The challenges that a responder has made and remembers, each to be answered once, within 60 s (docs/protocol.md,
 * "What the service adds"). In memory and bounded: what finds no room is refused, and none is forgotten early; a
 * restart forgets them all. Safe for any number of threads, and without a lock: of many that take one challenge exactly
 * one gets it.
 *
 * @param <T> what the responder keeps with a challenge until it is taken
 */
public final class Challenges<T> {

    /** A challenge can be answered up to and including this long after it was made. */
    public static final long LIFE_MILLIS = 60_000;

    private final int maxOpen;
    private final int maxRemembered;
    private final Consumer<? super T> closed;
    private final ConcurrentHashMap<String, Challenge<T>> byNonce = new ConcurrentHashMap<>();
    /** All live equally long, so the oldest ends first. */
    private final ConcurrentLinkedQueue<Challenge<T>> oldestFirst = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger remembered = new AtomicInteger();
    private final AtomicBoolean forgetting = new AtomicBoolean();

    /** Remembers at most so many, open and consumed together. */
    public Challenges(int capacity) {
        this(capacity, capacity, kept -> {});
    }

    /**
     * Remembers so many.
     *
     * @param maxOpen how many may wait to be taken
     * @param maxRemembered how many there may be in all, those consumed within their life included
     * @param closed told of what was kept with a challenge once it is, when it was taken or its life is over
     */
    public Challenges(int maxOpen, int maxRemembered, Consumer<? super T> closed) {
        if (maxOpen < 1 || maxRemembered < 1) {
            throw new IllegalArgumentException("at least one challenge is remembered");
        }
        this.maxOpen = maxOpen;
        this.maxRemembered = maxRemembered;
        this.closed = closed;
    }

    /** What is kept with a challenge until that is closed; then only the memory that there was one. */
    private static final class Challenge<T> extends AtomicReference<@Nullable T> {
        private final String nonceText;
        private final double lastMillis;

        Challenge(String nonceText, T kept, double lastMillis) {
            super(kept);
            this.nonceText = nonceText;
            this.lastMillis = lastMillis;
        }

        boolean isAliveAt(double nowMillis) {
            return nowMillis <= lastMillis;
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
    public boolean open(String nonceText, T kept, double nowMillis) {
        forgetEnded(nowMillis);
        if (open.incrementAndGet() > maxOpen) {
            open.decrementAndGet();
            return false;
        }
        var challenge = new Challenge<>(nonceText, kept, nowMillis + LIFE_MILLIS);
        if (remembered.incrementAndGet() > maxRemembered || byNonce.putIfAbsent(nonceText, challenge) != null) {
            remembered.decrementAndGet();
            open.decrementAndGet();
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
        T kept = close(challenge);
        return kept == null
                ? new Untaken<>(Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed"))
                : new Taken<>(kept);
    }

    /** How many are remembered, those consumed or past their life included. */
    public int size() {
        return remembered.get();
    }

    /** How many wait to be taken, those past their life included. */
    public int open() {
        return open.get();
    }

    /** Forgets those past their life, as {@link #open} does first. One thread at a time, and nobody waits for it. */
    public void forgetEnded(double nowMillis) {
        Challenge<T> oldest = oldestFirst.peek();
        if (oldest == null || oldest.isAliveAt(nowMillis) || !forgetting.compareAndSet(false, true)) {
            return;
        }
        try {
            for (oldest = oldestFirst.peek(); oldest != null
                    && !oldest.isAliveAt(nowMillis); oldest = oldestFirst.peek()) {
                oldestFirst.poll();
                byNonce.remove(oldest.nonceText, oldest);
                remembered.decrementAndGet();
                close(oldest);
            }
        } finally {
            forgetting.set(false);
        }
    }

    /** Of all who close a challenge one gets what was kept with it, the others null. */
    private @Nullable T close(Challenge<T> challenge) {
        T kept = challenge.getAndSet(null);
        if (kept != null) {
            open.decrementAndGet();
            closed.accept(kept);
        }
        return kept;
    }
}
