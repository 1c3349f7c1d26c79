package io.agentpassport.server.gateway.call;

import io.agentpassport.server.mutualauth.CallerSession;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How often and how much at once each identity calls. In memory: what it holds back needs no order and no proof, and a
 * restart that forgets it lets nobody do more than one burst too much. Bounded: an identity that rests is forgotten, and
 * nobody else to make room.
 */
final class CallRates {

    /** How many of the oldest are looked at to make room for one. */
    private static final int LOOKED_AT = 8;

    private final GatewayLimits limits;
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Entry> oldestFirst = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    CallRates(GatewayLimits limits) {
        this.limits = limits;
    }

    /**
     * Whose calls count together: those of an identity, but for those of its sessions that serve no more. Whoever has only an
     * old key of it takes nothing away from the agent that has a new one.
     */
    static String bucket(CallerSession caller) {
        return caller.serving() ? caller.holder() : caller.holder() + " over";
    }

    /** What entering answers. */
    sealed interface Entered {}

    /** It may; {@link Entry#leave} when it is answered. */
    record Admitted(Entry entry) implements Entered {}

    /**
     * It may not.
     *
     * @param refusals
     *            how many there were since this was said last, if it is to be written down now, otherwise 0
     */
    record Held(String limit, Duration retryAfter, long refusals) implements Entered {}

    /** Lets a call in. */
    Entered enter(String holder, long nowMillis) {
        Entry entry = entry(holder, nowMillis);
        return entry == null ? new Held("identities", Duration.ofSeconds(1), 0) : entry.enter(nowMillis, limits);
    }

    /** How many calls of an identity are under way. */
    int inFlight(String holder) {
        Entry entry = entries.get(holder);
        return entry == null ? 0 : entry.inFlight();
    }

    /** How many identities are remembered. */
    int size() {
        return size.get();
    }

    private @Nullable Entry entry(String holder, long nowMillis) {
        Entry found = entries.get(holder);
        if (found != null) {
            return found;
        }
        if (size.incrementAndGet() > limits.identities() && !makeRoom(nowMillis)) {
            size.decrementAndGet();
            return null;
        }
        Entry mine = new Entry(holder, nowMillis, limits);
        Entry other = entries.putIfAbsent(holder, mine);
        if (other != null) {
            size.decrementAndGet();
            return other;
        }
        oldestFirst.add(mine);
        return mine;
    }

    private boolean makeRoom(long nowMillis) {
        for (int i = 0; i < LOOKED_AT; i++) {
            Entry oldest = oldestFirst.poll();
            if (oldest == null) {
                return false;
            }
            if (oldest.retire(nowMillis, limits)) {
                entries.remove(oldest.holder, oldest);
                size.decrementAndGet();
                return true;
            }
            oldestFirst.add(oldest);
        }
        return false;
    }

    /** What is remembered of one identity. */
    static final class Entry {
        private static final long WHOLE = 1_000;

        private final String holder;
        private long thousandths;
        private long atMillis;
        private int inFlight;
        private long refused;
        private long saidAtSecond = -1;

        Entry(String holder, long nowMillis, GatewayLimits limits) {
            this.holder = holder;
            this.thousandths = limits.burst() * WHOLE;
            this.atMillis = nowMillis;
        }

        synchronized Entered enter(long nowMillis, GatewayLimits limits) {
            fill(nowMillis, limits);
            if (inFlight >= limits.inFlight()) {
                return held("in_flight", Duration.ofMillis(100), nowMillis);
            }
            if (thousandths < WHOLE) {
                long wait = (WHOLE - thousandths + limits.callsPerSecond() - 1) / limits.callsPerSecond();
                return held("rate", Duration.ofMillis(wait), nowMillis);
            }
            thousandths -= WHOLE;
            inFlight++;
            // Whoever forgot it meanwhile forgot a full bucket; this call is counted all the same when it leaves.
            return new Admitted(this);
        }

        private Held held(String limit, Duration retryAfter, long nowMillis) {
            refused++;
            long second = nowMillis / 1_000;
            if (second == saidAtSecond) {
                return new Held(limit, retryAfter, 0);
            }
            saidAtSecond = second;
            long count = refused;
            refused = 0;
            return new Held(limit, retryAfter, count);
        }

        synchronized void leave() {
            inFlight--;
        }

        synchronized int inFlight() {
            return inFlight;
        }

        /** Whether it can be forgotten without a difference. */
        synchronized boolean retire(long nowMillis, GatewayLimits limits) {
            fill(nowMillis, limits);
            return inFlight == 0 && thousandths == limits.burst() * WHOLE;
        }

        private void fill(long nowMillis, GatewayLimits limits) {
            if (nowMillis > atMillis) {
                // One call a second is one thousandth a millisecond.
                long more = Math.min(nowMillis - atMillis, limits.burst() * WHOLE) * limits.callsPerSecond();
                thousandths = Math.min(thousandths + more, limits.burst() * WHOLE);
                atMillis = nowMillis;
            }
        }
    }
}
