package io.agentpassport.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. */
public final class MutableClock implements InstantSource {

    private final AtomicReference<Instant> now;
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);

    public MutableClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** How much time passed: it never goes back. */
    public Duration passed() {
        return passed.get();
    }

    /** Lets time pass, or sets the clock back. */
    public void move(Duration by) {
        if (by.isPositive()) {
            passed.updateAndGet(before -> before.plus(by));
        }
        now.updateAndGet(instant -> instant.plus(by));
    }
}
