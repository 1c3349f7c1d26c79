package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many grants hang directly on one: an agent may pass on to whom it likes, also to those that nobody knows, and each is
 * kept. Counted by the day on which they end; one that was revoked counts until then, for so long its row is kept at least.
 *
 * @param endsByDay
 *            how many end on each day, by days since 1970 in UTC
 */
record ChildGrants(SortedMap<Long, Integer> endsByDay) {

    /** The most that hang on one grant. */
    static final int MAX = 10_000;

    private static final long DAY_MILLIS = ChronoUnit.DAYS.getDuration().toMillis();

    /** Of a grant that nothing hangs on. */
    static final ChildGrants NONE = new ChildGrants(new TreeMap<>());

    ChildGrants {
        endsByDay = Collections.unmodifiableSortedMap(new TreeMap<>(endsByDay));
    }

    /** With another that ends then, or null when there is no room. */
    @Nullable
    ChildGrants with(Instant end, Instant now) {
        SortedMap<Long, Integer> rest = new TreeMap<>(endsByDay.tailMap(day(now)));
        if (rest.values().stream().mapToInt(Integer::intValue).sum() >= MAX) {
            return null;
        }
        rest.merge(day(end), 1, Integer::sum);
        return new ChildGrants(rest);
    }

    private static long day(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), DAY_MILLIS);
    }

    JsonObject json() {
        List<JsonValue> days = new ArrayList<>();
        for (Map.Entry<Long, Integer> day : endsByDay.entrySet()) {
            days.add(new JsonArray(List.of(new JsonNumber(day.getKey()), new JsonNumber(day.getValue()))));
        }
        return JsonObject.builder().put("ends_by_day", new JsonArray(days)).build();
    }

    static @Nullable ChildGrants fromJson(JsonObject json) {
        if (!(json.get("ends_by_day") instanceof JsonArray days)) {
            return null;
        }
        SortedMap<Long, Integer> all = new TreeMap<>();
        for (JsonValue value : days.values()) {
            if (!(value instanceof JsonArray pair) || pair.values().size() != 2
                    || !(pair.values().get(0) instanceof JsonNumber day)
                    || !(pair.values().get(1) instanceof JsonNumber count)) {
                return null;
            }
            all.put((long) day.value(), (int) count.value());
        }
        return new ChildGrants(all);
    }
}
