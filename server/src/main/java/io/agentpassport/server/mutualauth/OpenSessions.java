package io.agentpassport.server.mutualauth;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that an identity holds, oldest first: those that count when it opens another. Some of them may be over
 * without that being written down.
 */
record OpenSessions(List<Entry> entries) {

    /** None. */
    static final OpenSessions NONE = new OpenSessions(List.of());

    OpenSessions {
        entries = List.copyOf(entries);
    }

    /** One of them; times are unix milliseconds. */
    record Entry(SessionId id, long establishedAtMillis, long expiresAtMillis) {

        static Entry of(Session record) {
            return new Entry(record.id(), (long) record.establishedAtMillis(), (long) record.expiresAtMillis());
        }
    }

    /**
     * What letting another in comes to.
     *
     * @param open the sessions held from then on
     * @param displaced those that had to go, and were not over before
     */
    record Admission(OpenSessions open, List<SessionId> displaced) {}

    /**
     * Lets another in. What is over no longer counts; of what is left, those that rested longest make room.
     *
     * @param most how many an identity may hold
     * @param idleMillis for how long a session may rest
     * @param lastActiveMillis when a session was last active
     */
    Admission admit(Entry next, int most, long idleMillis, ToLongFunction<Entry> lastActiveMillis, long nowMillis) {
        record Rested(Entry entry, long since) {}
        List<Rested> rested = new ArrayList<>();
        for (Entry entry : entries) {
            long since = lastActiveMillis.applyAsLong(entry);
            if (nowMillis <= entry.expiresAtMillis && nowMillis - since <= idleMillis) {
                rested.add(new Rested(entry, since));
            }
        }
        List<Entry> open = new ArrayList<>(rested.stream().map(Rested::entry).toList());
        List<SessionId> displaced = new ArrayList<>();
        rested.sort(Comparator.comparingLong(Rested::since)); // stable: the older of two goes first
        for (Rested longest : rested.subList(0, Math.max(0, rested.size() - most + 1))) {
            open.remove(longest.entry);
            displaced.add(longest.entry.id);
        }
        open.add(next);
        return new Admission(new OpenSessions(open), displaced);
    }

    /** Without a session that was ended. */
    OpenSessions without(SessionId id) {
        return new OpenSessions(entries.stream().filter(entry -> !entry.id.equals(id)).toList());
    }

    /** The first instant at which nothing here counts any more. */
    Instant expiresAt() {
        return Instant.ofEpochMilli(entries.stream().mapToLong(Entry::expiresAtMillis).max().orElse(0) + 1);
    }

    JsonObject json() {
        List<JsonValue> values = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            values.add(JsonObject.builder()
                    .put("session_id", entry.id.text())
                    .put("established_at", (double) entry.establishedAtMillis)
                    .put("expires_at", (double) entry.expiresAtMillis)
                    .build());
        }
        return JsonObject.builder().put("sessions", new JsonArray(values)).build();
    }

    static @Nullable OpenSessions fromJson(JsonObject json) {
        if (!(json.get("sessions") instanceof JsonArray sessions)) {
            return null;
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonValue value : sessions.values()) {
            if (!(value instanceof JsonObject entry)) {
                return null;
            }
            SessionId id = SessionId.fromText(entry.string("session_id"));
            Double establishedAt = entry.number("established_at");
            Double expiresAt = entry.number("expires_at");
            if (id == null || establishedAt == null || expiresAt == null) {
                return null;
            }
            entries.add(new Entry(id, establishedAt.longValue(), expiresAt.longValue()));
        }
        return new OpenSessions(entries);
    }
}
