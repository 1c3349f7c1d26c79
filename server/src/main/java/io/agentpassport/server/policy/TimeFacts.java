package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code time} holds, in UTC. Only the member that is asked for is computed. */
final class TimeFacts {

    /** The members. */
    static final Set<String> MEMBERS = Set.of("iso", "unix", "date", "year", "month", "day", "hour", "minute",
            "weekday");

    private TimeFacts() {}

    static @Nullable JsonValue value(Instant now, String[] segments) {
        if (segments.length == 0) {
            JsonObject.Builder all = JsonObject.builder();
            for (String member : MEMBERS) {
                JsonValue value = member(now, member);
                if (value != null) {
                    all.put(member, value);
                }
            }
            return all.build();
        }
        return segments.length == 1 ? member(now, segments[0]) : null;
    }

    private static @Nullable JsonValue member(Instant now, String member) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, ZoneOffset.UTC);
        return switch (member) {
            case "iso" -> new JsonString(Instant.ofEpochSecond(now.getEpochSecond()).toString());
            case "unix" -> new JsonNumber(now.getEpochSecond());
            case "date" -> new JsonString(utc.toLocalDate().toString());
            case "year" -> new JsonNumber(utc.getYear());
            case "month" -> new JsonNumber(utc.getMonthValue());
            case "day" -> new JsonNumber(utc.getDayOfMonth());
            case "hour" -> new JsonNumber(utc.getHour());
            case "minute" -> new JsonNumber(utc.getMinute());
            case "weekday" -> new JsonString(utc.getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT));
            default -> null;
        };
    }
}
