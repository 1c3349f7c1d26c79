package io.agentpassport.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how much of a log are warnings and errors, whoever causes them: what fails for one caller fails for all who ask, and
 * they may ask often. So many lines of a second are written, and then how many were left out.
 */
final class FloodGuard extends Filter<ILoggingEvent> {

    /** Warnings and errors of one second. */
    static final int LINES = 20;

    private static final long SECOND = 1_000;

    private long second;
    private int lines;
    private long leftOut;

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
            return FilterReply.NEUTRAL;
        }
        long toTell = 0;
        FilterReply reply;
        synchronized (this) {
            long now = event.getTimeStamp() / SECOND;
            if (now != second) {
                second = now;
                lines = 0;
                toTell = leftOut;
                leftOut = 0;
            }
            lines++;
            if (lines > LINES) {
                leftOut++;
            }
            reply = lines > LINES ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
        if (toTell > 0) {
            logger().warn(
                    "{} warnings and errors were left out before this one, since there were more than {} in a second",
                    toTell, LINES);
        }
        return reply;
    }

    /** Asked for late: the log is being made when this is. */
    private static Logger logger() {
        return LoggerFactory.getLogger(FloodGuard.class);
    }
}
