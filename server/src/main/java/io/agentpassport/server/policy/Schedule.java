package io.agentpassport.server.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a tool may be called: in one of the spans.
 *
 * @param pointer
 *            where it stands
 * @param spans
 *            at least one
 */
record Schedule(String pointer, List<Span> spans) {

    Schedule {
        spans = List.copyOf(spans);
    }

    /**
     * Some hours of some days, within a time.
     *
     * @param days
     *            on which it begins
     * @param from
     *            the first moment
     * @param to
     *            the first moment after; not after {@code from}, the span ends on the next day
     * @param zone
     *            whose days and hours
     * @param notBefore
     *            or null
     * @param notAfter
     *            or null
     */
    record Span(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone, @Nullable Instant notBefore,
            @Nullable Instant notAfter) {

        Span {
            days = Set.copyOf(days);
        }

        boolean admits(Instant at) {
            if ((notBefore != null && at.isBefore(notBefore)) || (notAfter != null && at.isAfter(notAfter))) {
                return false;
            }
            ZonedDateTime local = at.atZone(zone);
            LocalTime time = local.toLocalTime();
            DayOfWeek day = local.getDayOfWeek();
            if (from.isBefore(to)) {
                return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
            }
            return (days.contains(day) && !time.isBefore(from)) || (days.contains(day.minus(1)) && time.isBefore(to));
        }
    }

    boolean admits(Instant at) {
        for (Span span : spans) {
            if (span.admits(at)) {
                return true;
            }
        }
        return false;
    }

    Judgement.Denied denied() {
        return new Judgement.Denied(PolicyCode.SCHEDULE, pointer, "This tool is not to be called at this time.");
    }
}
