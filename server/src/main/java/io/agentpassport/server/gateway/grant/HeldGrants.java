package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one identity that were not revoked themselves, oldest first.
 *
 * @param version
 *            grows with every change: who chose among the grants of one version chose right as long as it stands
 */
record HeldGrants(long version, List<Entry> entries) {

    /** The most grants that an identity may hold. */
    static final int MAX = 64;

    /** How many of them other agents may have passed on to it: the rest is for operators, whatever agents do. */
    static final int MAX_DELEGATED = MAX / 2;

    /** Of an identity that never had one. */
    static final HeldGrants NONE = new HeldGrants(0, List.of());

    /**
     * One of them.
     *
     * @param expiresAtMillis
     *            unix milliseconds
     * @param above
     *            what it hangs on, the root first
     */
    record Entry(GrantId id, long expiresAtMillis, List<GrantId> above) {}

    HeldGrants {
        entries = List.copyOf(entries);
    }

    /** With another, or null when there is no room. What is over makes room, and is asked about only then. */
    @Nullable
    HeldGrants with(Grant grant, Instant now, Predicate<GrantId> revoked) {
        List<Entry> rest = new ArrayList<>(entries);
        rest.removeIf(entry -> entry.expiresAtMillis < now.toEpochMilli());
        if (isFull(rest, grant)) {
            rest.removeIf(entry -> entry.above.stream().anyMatch(revoked));
        }
        if (isFull(rest, grant)) {
            return null;
        }
        rest.add(new Entry(grant.id(), grant.terms().expiresAt().toEpochMilli(), grant.above()));
        return new HeldGrants(version + 1, rest);
    }

    private static boolean isFull(List<Entry> entries, Grant grant) {
        boolean delegated = !grant.above().isEmpty();
        return entries.size() >= MAX
                || (delegated && entries.stream().filter(entry -> !entry.above.isEmpty()).count() >= MAX_DELEGATED);
    }

    /** Without that one. */
    HeldGrants without(GrantId id) {
        return new HeldGrants(version + 1, entries.stream().filter(entry -> !entry.id.equals(id)).toList());
    }

    JsonObject json() {
        List<JsonValue> list = new ArrayList<>();
        for (Entry entry : entries) {
            list.add(JsonObject.builder()
                    .put("id", entry.id.text())
                    .put("expires_at", (double) entry.expiresAtMillis)
                    .put("above", entry.above.stream().map(GrantId::text).toList())
                    .build());
        }
        return JsonObject.builder().put("version", (double) version).put("entries", new JsonArray(list)).build();
    }

    static @Nullable HeldGrants fromJson(JsonObject json) {
        Double version = json.number("version");
        if (version == null || !(json.get("entries") instanceof JsonArray list)) {
            return null;
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonValue value : list.values()) {
            if (!(value instanceof JsonObject entry)) {
                return null;
            }
            GrantId id = GrantId.fromText(entry.string("id"));
            Double expiresAt = entry.number("expires_at");
            List<GrantId> above = Grant.ids(entry.strings("above"));
            if (id == null || expiresAt == null || above == null) {
                return null;
            }
            entries.add(new Entry(id, expiresAt.longValue(), above));
        }
        return new HeldGrants(version.longValue(), entries);
    }
}
