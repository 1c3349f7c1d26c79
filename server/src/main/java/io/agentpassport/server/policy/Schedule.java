package io.agentpassport.server.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Collection;
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

        /** The first instant from that one on that it admits; null when there is none. */
        private @Nullable Instant opens(Instant earliest) {
            Instant at = notBefore != null && notBefore.isAfter(earliest) ? notBefore : earliest;
            if (admits(at)) {
                return at;
            }
            LocalDate today = at.atZone(zone).toLocalDate();
            for (int i = 0; i < DAYS_LOOKED_AT; i++) {
                LocalDateTime begin = today.plusDays(i).atTime(from);
                ZoneOffsetTransition skipped = zone.getRules().getTransition(begin);
                // When clocks skip the hour at which it begins, it begins where they go on.
                Instant candidate = skipped != null && skipped.isGap()
                        ? skipped.getInstant()
                        : begin.atZone(zone).toInstant();
                if (!candidate.isBefore(at) && admits(candidate)) {
                    return candidate;
                }
            }
            return null;
        }
    }

    /** For how many days it is looked when a span begins: every day of the week, and again, as a change of clocks may skip one. */
    private static final int DAYS_LOOKED_AT = 15;

    /** In how many steps a time is looked for that several schedules admit. */
    private static final int STEPS = 64;

    /** When all of them admit a call again, from that instant on; null when never, or when that is not found soon. */
    static @Nullable Instant open(Collection<Schedule> all, Instant now) {
        Instant at = now;
        for (int step = 0; step < STEPS; step++) {
            Schedule closed = null;
            for (Schedule schedule : all) {
                closed = closed == null && !schedule.admits(at) ? schedule : closed;
            }
            Instant next = closed == null ? at : closed.opens(at);
            if (closed == null || next == null) {
                return next;
            }
            at = next;
        }
        return null;
    }

    /** The first instant from that one on that a span admits, or null. */
    private @Nullable Instant opens(Instant from) {
        Instant first = null;
        for (Span span : spans) {
            Instant next = span.opens(from);
            first = next != null && (first == null || next.isBefore(first)) ? next : first;
        }
        return first;
    }

    boolean admits(Instant at) {
        for (Span span : spans) {
            if (span.admits(at)) {
                return true;
            }
        }
        return false;
    }

    /** @param opens when it may be called again, or null */
    Judgement.Denied denied(@Nullable Instant opens) {
        return new Judgement.Denied(PolicyCode.SCHEDULE, pointer, "This tool is not to be called at this time.", opens);
    }
}
