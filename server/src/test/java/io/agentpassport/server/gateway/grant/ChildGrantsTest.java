package io.agentpassport.server.gateway.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How many hang on one grant. */
class ChildGrantsTest {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
    private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));

    private static ChildGrants more(ChildGrants children, Instant end, Instant now) {
        return Objects.requireNonNull(children.with(end, now));
    }

    @Test
    void hasRoomForSoManyUntilTheDaysOfSomeAreOver() {
        ChildGrants full = more(ChildGrants.NONE, TOMORROW, NOW);
        for (int i = 1; i < ChildGrants.MAX; i++) {
            full = more(full, NOW.plus(Duration.ofDays(30)), NOW);
        }
        assertThat(full.with(TOMORROW, NOW)).isNull();
        assertThat(full.with(TOMORROW, TOMORROW)).as("one ends on this day").isNull();

        Instant after = TOMORROW.plus(Duration.ofDays(1));
        ChildGrants again = more(full, after, after);
        assertThat(again.with(after, after)).isNull();
        assertThat(again.endsByDay()).hasSize(2);
    }

    @Test
    void isReadAsItWasWritten() {
        ChildGrants some = more(more(ChildGrants.NONE, NOW, NOW), TOMORROW, NOW);
        assertThat(ChildGrants.fromJson(some.json())).isEqualTo(some);
        assertThat(ChildGrants.fromJson(ChildGrants.NONE.json())).isEqualTo(new ChildGrants(new TreeMap<>()));
    }
}
