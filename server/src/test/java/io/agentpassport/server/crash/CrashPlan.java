package io.agentpassport.server.crash;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** When a process ends itself: the moment that a point is reached for the nth time. */
final class CrashPlan {

    /** The exit code of a process that ended itself. */
    static final int ENDED_ITSELF = 99;

    /** Nobody ends it but from outside. */
    static final CrashPlan NEVER = new CrashPlan(null, 0, false);

    private final @Nullable CrashPoint point;
    private final int nth;
    private final boolean starting;
    private final AtomicInteger times = new AtomicInteger();
    private volatile boolean counting;

    private CrashPlan(@Nullable CrashPoint point, int nth, boolean starting) {
        this.point = point;
        this.nth = nth;
        this.starting = starting;
        this.counting = starting;
    }

    /** Once it serves. */
    static CrashPlan at(CrashPoint point, int nth) {
        return new CrashPlan(point, nth, false);
    }

    /** Counted from the beginning: while it starts, unless it does not get there so early. */
    static CrashPlan whileStarting(CrashPoint point, int nth) {
        return new CrashPlan(point, nth, true);
    }

    /** Whether it ends by itself. */
    boolean isPlanned() {
        return point != null;
    }

    /** For figures. */
    String name() {
        return point == null ? "KILLED" : point + (starting ? "_WHILE_STARTING" : "");
    }

    /** As an argument of a process. */
    String text() {
        return point == null ? "-" : point + ":" + nth + ":" + starting;
    }

    static CrashPlan fromText(String text) {
        if (text.equals("-")) {
            return NEVER;
        }
        String[] parts = text.split(":", 3);
        return new CrashPlan(CrashPoint.valueOf(parts[0]), Integer.parseInt(parts[1]), Boolean.parseBoolean(parts[2]));
    }

    /** It serves: what was planned for the time before is over. */
    void serving() {
        counting = false;
    }

    /** What was planned for a service that serves counts from now on. */
    void arm() {
        counting = !starting;
    }

    /** Ends the process at once when it was planned; nothing of it runs after that. */
    void reached(CrashPoint now) {
        if (now == point && counting && times.incrementAndGet() == nth) {
            Runtime.getRuntime().halt(ENDED_ITSELF);
        }
    }

    @Override
    public String toString() {
        return text();
    }
}
