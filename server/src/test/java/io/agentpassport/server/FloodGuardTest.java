package io.agentpassport.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class FloodGuardTest {

    private static final Logger LOGGER = new LoggerContext().getLogger("any");

    private final FloodGuard guard = new FloodGuard();

    @Test
    void soManyWarningsOfOneSecondAreWrittenAndNoMore() {
        for (int line = 1; line <= FloodGuard.LINES; line++) {
            assertThat(decide(Level.WARN, 5_000)).as("line %d", line).isEqualTo(FilterReply.NEUTRAL);
        }
        assertThat(decide(Level.ERROR, 5_999)).isEqualTo(FilterReply.DENY);
        assertThat(decide(Level.INFO, 5_999)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(Level.WARN, 6_000)).isEqualTo(FilterReply.NEUTRAL);
    }

    private FilterReply decide(Level level, long millis) {
        var event = new LoggingEvent("", LOGGER, level, "", null, null);
        event.setTimeStamp(millis);
        return guard.decide(event);
    }
}
