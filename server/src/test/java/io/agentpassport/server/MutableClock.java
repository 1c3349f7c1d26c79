package io.agentpassport.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. */
public final class MutableClock implements InstantSource {

    private final Instant start;
    private final AtomicReference<Instant> now;

    public MutableClock(Instant start) {
        this.start = start;
        now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** How far it was moved in all. */
    public Duration moved() {
        return Duration.between(start, now.get());
    }

    /** Moves it on, or back. */
    public void move(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }
}
