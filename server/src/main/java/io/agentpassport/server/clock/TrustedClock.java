package io.agentpassport.server.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time for decisions. It never goes back, neither in this process nor over a restart, since it does not fall below what
 * {@link #raise} tells of the past. The wall clock is believed as long as it goes on as the time does that has passed by the
 * process's own ticker; one that was set by more than {@link #TOLERANCE} is not, and then whoever decides by time refuses.
 *
 * <p>
 * Set back, it is believed again once it has caught up. Set forward, once it is right again, or an operator has confirmed it;
 * until then time goes on by the ticker. At start any time that is not behind is believed: nothing is there to judge it by.
 */
public final class TrustedClock implements InstantSource {

    /** By how much the wall clock may be off before it is not believed. */
    public static final Duration TOLERANCE = Duration.ofSeconds(60);

    /** For how long it must have gone on steadily before what time alone ends is deleted. */
    public static final Duration STEADY = Duration.ofSeconds(60);

    /** How often the two clocks are set equal: so small corrections do not add up to a jump. */
    private static final long EQUALISE_NANOS = Duration.ofHours(1).toNanos();

    private static final long TOLERANCE_MILLIS = TOLERANCE.toMillis();
    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);

    private final InstantSource wall;
    private final LongSupplier ticker;
    /** The latest time that was told or decided by, in unix milliseconds. */
    private final AtomicLong mark = new AtomicLong(Instant.EPOCH.toEpochMilli());

    private volatile Reference reference;
    /** The latest time that was decided by before this process, in unix milliseconds. */
    private volatile long before = Instant.EPOCH.toEpochMilli();
    private volatile ClockState last = ClockState.TRUSTED;
    private volatile long steadySince;

    /** Both clocks at one moment at which the wall clock was believed. */
    private record Reference(long wallMillis, long ticks) {

        /** What the wall clock should show now. */
        long expected(long nowTicks) {
            return wallMillis + TimeUnit.NANOSECONDS.toMillis(nowTicks - ticks);
        }
    }

    /**
     * A clock that begins now.
     *
     * @param ticker
     *            nanoseconds that pass evenly, whatever the wall clock is set to
     */
    public TrustedClock(InstantSource wall, LongSupplier ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.reference = new Reference(wall.millis(), ticker.getAsLong());
        this.steadySince = reference.ticks;
    }

    /** An earlier process decided by that time: it does not fall below. Before this one decides anything. */
    public void raise(Instant decided) {
        before = Math.max(before, decided.toEpochMilli());
        mark.accumulateAndGet(decided.toEpochMilli(), Math::max);
    }

    /** The time for decisions: the wall clock where it is believed, and never less than it ever was. */
    @Override
    public Instant instant() {
        Instant shown = wall.instant();
        long now = shown.toEpochMilli();
        long ticks = ticker.getAsLong();
        Reference from = reference;
        long expected = from.expected(ticks);
        long decided = mark.get();
        return switch (judge(now, expected, decided)) {
            case AHEAD -> Instant.ofEpochMilli(reached(expected));
            case BEHIND -> Instant.ofEpochMilli(decided);
            case TRUSTED -> {
                if (ticks - from.ticks > EQUALISE_NANOS || Math.abs(now - expected) > TOLERANCE_MILLIS) {
                    reference = new Reference(now, ticks);
                }
                long reached = reached(now);
                yield reached == now ? shown : Instant.ofEpochMilli(reached);
            }
        };
    }

    /** Started with a clock that was set back, it may be set right, which is no jump ahead. */
    private ClockState judge(long now, long expected, long decided) {
        if (now - Math.max(expected, before) > TOLERANCE_MILLIS) {
            return ClockState.AHEAD;
        }
        return decided - now > TOLERANCE_MILLIS ? ClockState.BEHIND : ClockState.TRUSTED;
    }

    private long reached(long millis) {
        long decided = mark.get();
        return millis <= decided ? decided : mark.accumulateAndGet(millis, Math::max);
    }

    /** What the wall clock shows, whether it is believed or not. */
    public Instant wall() {
        return wall.instant();
    }

    /** Whether the wall clock is believed. */
    public ClockState state() {
        long ticks = ticker.getAsLong();
        ClockState state = judge(wall.millis(), reference.expected(ticks), mark.get());
        if (state != ClockState.TRUSTED || last != ClockState.TRUSTED) {
            steadySince = ticks;
        }
        if (state != last) {
            last = state;
            tell(state);
        }
        return state;
    }

    private void tell(ClockState state) {
        switch (state) {
            case TRUSTED -> LOG.info("the clock is believed again");
            case BEHIND -> LOG.error("the clock is more than {} s behind the time of what was decided already: nothing"
                    + " is issued, attested or called. Set it right; if the time before was wrong, stop the service and"
                    + " use `./passport repair --clock`", TOLERANCE.toSeconds());
            case AHEAD ->
                LOG.error("the clock was set forward by more than {} s: nothing is issued, attested or called."
                        + " Set it right, or confirm it with `./passport clock confirm`", TOLERANCE.toSeconds());
        }
    }

    /** Whether it has been believed for {@link #STEADY} without a break: what is over by it may be deleted then. */
    public boolean isSteady() {
        return state() == ClockState.TRUSTED && ticker.getAsLong() - steadySince >= STEADY.toNanos();
    }

    /**
     * Believes what the wall clock shows, because somebody who can see another clock says so. Does nothing about one that is
     * behind what was decided by: that can only be caught up with.
     *
     * @return what time it is now
     */
    public Instant confirm() {
        reference = new Reference(wall.millis(), ticker.getAsLong());
        state();
        return instant();
    }
}
