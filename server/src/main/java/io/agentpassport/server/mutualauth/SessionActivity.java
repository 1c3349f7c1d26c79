package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.partition.Shares;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * When sessions were last active, and how many nonces each has in memory. A session without an entry was last active when
 * it was established; an entry is dropped only when its session has been idle so long that this makes no difference. So
 * memory is bounded by the sessions in use; when that is too many, another one is refused rather than one forgotten.
 */
final class SessionActivity {

    private final int capacity;
    private final long keepMillis;
    private final ConcurrentHashMap<SessionId, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Due> dueFirst = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Shares<Identity> shares;
    private final AtomicBoolean forgetting = new AtomicBoolean();

    /** What is remembered of one session. Told apart by identity. */
    static final class Entry {
        private final SessionId id;
        private final Identity identity;
        private final AtomicLong lastActiveMillis;
        private final AtomicInteger nonces = new AtomicInteger();

        Entry(SessionId id, Identity identity, long lastActiveMillis) {
            this.id = id;
            this.identity = identity;
            this.lastActiveMillis = new AtomicLong(lastActiveMillis);
        }

        /** Whose session it is. */
        Identity identity() {
            return identity;
        }

        /** How many nonces of it are in memory. */
        AtomicInteger nonces() {
            return nonces;
        }

        /** A call was accepted. */
        void touch(long nowMillis) {
            lastActiveMillis.accumulateAndGet(nowMillis, Math::max);
        }
    }

    /** When to look whether an entry can go. */
    private record Due(Entry entry, long atMillis) {}

    SessionActivity(MutualAuthLimits limits) {
        this(limits, MutualAuthLimits.ACTIVE_SESSIONS_PER_IDENTITY);
    }

    SessionActivity(MutualAuthLimits limits, int perIdentity) {
        this.shares = new Shares<>(perIdentity);
        this.capacity = limits.activeSessions();
        // Longer than it may rest: whoever found a session active has long touched it when its entry goes.
        this.keepMillis = limits.idleTimeout().plus(MutualAuthLimits.NONCE_LIFE).toMillis() + 1;
    }

    /** When a session was last active. */
    long lastActiveMillis(SessionId id, long establishedAtMillis) {
        Entry entry = entries.get(id);
        return entry == null ? establishedAtMillis : Math.max(establishedAtMillis, entry.lastActiveMillis.get());
    }

    /** The session's entry, made when there is none; null when there is no room for it. */
    @Nullable
    Entry entry(LiveSession session, long nowMillis) {
        forgetRested(nowMillis);
        Entry entry = entries.get(session.id());
        if (entry != null) {
            return entry;
        }
        Identity identity = session.row().identity();
        if (!shares.take(identity)) {
            return null;
        }
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            shares.giveBack(identity);
            return null;
        }
        var mine = new Entry(session.id(), identity, session.establishedAtMillis());
        Entry other = entries.putIfAbsent(session.id(), mine);
        if (other != null) {
            size.decrementAndGet();
            shares.giveBack(identity);
            return other;
        }
        dueFirst.add(new Due(mine, nowMillis + keepMillis));
        return mine;
    }

    /** How many sessions there is an entry of. */
    int size() {
        return size.get();
    }

    /** One thread at a time, and nobody waits for it. Each entry is looked at once in its time, not at each call. */
    private void forgetRested(long nowMillis) {
        Due due = dueFirst.peek();
        if (due == null || due.atMillis >= nowMillis || !forgetting.compareAndSet(false, true)) {
            return;
        }
        try {
            for (due = dueFirst.peek(); due != null && due.atMillis < nowMillis; due = dueFirst.peek()) {
                dueFirst.poll();
                long again = due.entry.lastActiveMillis.get() + keepMillis;
                if (again >= nowMillis) {
                    dueFirst.add(new Due(due.entry, again));
                } else {
                    entries.remove(due.entry.id, due.entry);
                    size.decrementAndGet();
                    shares.giveBack(due.entry.identity);
                }
            }
        } finally {
            forgetting.set(false);
        }
    }
}
