package io.agentpassport.server.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrustedClockTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final MutableClock wall = new MutableClock(START);
    private final AtomicLong ticks = new AtomicLong(7);
    private final TrustedClock clock = new TrustedClock(wall, ticks::get);

    /** Both clocks go on. */
    private void pass(Duration time) {
        wall.move(time);
        ticks.addAndGet(time.toNanos());
    }

    private Instant after(Duration time) {
        return START.plus(time);
    }

    @Test
    void isTheWallClockWhileThatGoesOnAsTimeDoes() {
        pass(Duration.ofHours(5));

        assertThat(clock.instant()).isEqualTo(after(Duration.ofHours(5)));
        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
    }

    @Test
    void standsStillWhileTheWallClockIsALittleBack() {
        pass(MINUTE);
        assertThat(clock.instant()).isEqualTo(after(MINUTE));
        wall.move(MINUTE.negated());

        assertThat(clock.instant()).isEqualTo(after(MINUTE));
        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
    }

    @Test
    void isNotBelievedWhenTheWallClockIsFarBackUntilThatHasCaughtUp() {
        assertThat(clock.instant()).isEqualTo(START);
        wall.move(MINUTE.plusMillis(1).negated());

        assertThat(clock.state()).isEqualTo(ClockState.BEHIND);
        assertThat(clock.instant()).isEqualTo(START);
        pass(Duration.ofMillis(1));
        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
    }

    @Test
    void isNotBelievedWhenTheWallClockWasBehindWhatAnEarlierProcessDecidedBy() {
        clock.raise(after(Duration.ofHours(1)));

        assertThat(clock.state()).isEqualTo(ClockState.BEHIND);
        assertThat(clock.instant()).isEqualTo(after(Duration.ofHours(1)));
    }

    @Test
    void oneThatStartedFarBackMayBeSetRight() {
        clock.raise(after(Duration.ofHours(1)));
        wall.move(Duration.ofHours(1));

        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
        assertThat(clock.instant()).isEqualTo(after(Duration.ofHours(1)));
        // Nobody asks for a while, and it is still believed.
        pass(Duration.ofMinutes(10));
        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
        assertThat(clock.instant()).isEqualTo(after(Duration.ofMinutes(70)));
    }

    @Test
    void isNotBelievedWhenTheWallClockJumpsAheadAndGoesOnByTheTicker() {
        pass(MINUTE);
        wall.move(MINUTE.plusMillis(1));

        assertThat(clock.state()).isEqualTo(ClockState.AHEAD);
        assertThat(clock.instant()).isEqualTo(after(MINUTE));
        pass(MINUTE);
        assertThat(clock.instant()).isEqualTo(after(MINUTE.multipliedBy(2)));
        assertThat(clock.state()).isEqualTo(ClockState.AHEAD);
    }

    @Test
    void believesASmallCorrection() {
        wall.move(MINUTE);

        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
        assertThat(clock.instant()).isEqualTo(after(MINUTE));
    }

    @Test
    void manySmallCorrectionsInAnHourAreAJump() {
        for (int i = 0; i < 4; i++) {
            wall.move(Duration.ofSeconds(20));
            pass(Duration.ofSeconds(10));
            clock.instant();
        }

        assertThat(clock.state()).isEqualTo(ClockState.AHEAD);
    }

    @Test
    void smallCorrectionsOverDaysDoNotAddUp() {
        for (int hour = 0; hour < 100; hour++) {
            wall.move(Duration.ofSeconds(20));
            pass(Duration.ofMinutes(61));
            clock.instant();
        }

        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
        assertThat(clock.instant()).isEqualTo(wall.instant());
    }

    @Test
    void isBelievedAgainWhenTheWallClockIsSetBackToWhatItWas() {
        wall.move(Duration.ofDays(1));
        assertThat(clock.state()).isEqualTo(ClockState.AHEAD);
        wall.move(Duration.ofDays(-1));

        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void isBelievedWhenSomebodyConfirmsIt() {
        wall.move(Duration.ofDays(1));
        assertThat(clock.state()).isEqualTo(ClockState.AHEAD);

        assertThat(clock.confirm()).isEqualTo(after(Duration.ofDays(1)));
        assertThat(clock.state()).isEqualTo(ClockState.TRUSTED);
    }

    @Test
    void nobodyCanConfirmOneThatIsBack() {
        assertThat(clock.instant()).isEqualTo(START);
        wall.move(Duration.ofDays(-1));

        assertThat(clock.confirm()).isEqualTo(START);
        assertThat(clock.state()).isEqualTo(ClockState.BEHIND);
    }

    @Test
    void isSteadyAfterAMinuteWithoutABreak() {
        assertThat(clock.isSteady()).isFalse();
        pass(MINUTE);
        assertThat(clock.isSteady()).isTrue();
        wall.move(Duration.ofDays(1));
        assertThat(clock.isSteady()).isFalse();
        clock.confirm();
        pass(MINUTE.minusNanos(1));
        assertThat(clock.isSteady()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(clock.isSteady()).isTrue();
    }
}
