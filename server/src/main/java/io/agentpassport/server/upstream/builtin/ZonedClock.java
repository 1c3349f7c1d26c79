package io.agentpassport.server.upstream.builtin;

import io.agentpassport.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what time it is, in a zone. */
record ZonedClock(InstantSource clock) implements BuiltInTool {

    private static final int MAX_ZONE = 64;

    private static final JsonObject INPUT = JsonObject.builder()
            .put("zone",
                    BuiltInTool.text("A zone of the tz database such as Europe/Berlin, or an offset such as +02:00."
                            + " Without it UTC.", MAX_ZONE))
            .build();
    private static final JsonObject OUTPUT = JsonObject.builder()
            .put("instant", BuiltInTool.text("The time in UTC, ISO 8601, in whole milliseconds.", 32))
            .put("local", BuiltInTool.text("The same with the offset of the zone.", 64))
            .put("zone", BuiltInTool.text("The zone.", MAX_ZONE))
            .build();

    @Override
    public JsonObject definition() {
        return BuiltInTool.definition("clock", "Clock", "Answers what time it is, in a zone.", INPUT, List.of(),
                BuiltInTool.schema(OUTPUT, List.of("instant", "local", "zone")));
    }

    @Override
    public JsonObject run(JsonObject arguments) {
        ZoneId zone = zone(arguments);
        if (zone == null) {
            return BuiltInTool.refusal("clock takes at most one text, zone, such as Europe/Berlin or +02:00");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String local = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now.atZone(zone));
        return BuiltInTool.answer(local, JsonObject.builder()
                .put("instant", now.toString())
                .put("local", local)
                .put("zone", zone.getId())
                .build());
    }

    private static @Nullable ZoneId zone(JsonObject arguments) {
        if (arguments.size() == 0) {
            return ZoneId.of("UTC");
        }
        String name = arguments.string("zone");
        if (name == null || name.length() > MAX_ZONE || arguments.size() != 1) {
            return null;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
