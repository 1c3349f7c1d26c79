package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What differs between two JSON values, place by place, as lines for a person. */
final class JsonDifference {

    /** The most lines; what is beyond is only counted. */
    private static final int MOST = 50;

    private final List<String> lines = new ArrayList<>();
    private int more;

    private JsonDifference() {}

    /** One line for each place: its JSON Pointer, what was there, and what is there now. */
    static List<String> between(JsonValue before, JsonValue now) {
        var difference = new JsonDifference();
        difference.compare("", before, now);
        if (difference.more > 0) {
            difference.lines.add("and " + difference.more + " more");
        }
        return difference.lines;
    }

    private void compare(String pointer, @Nullable JsonValue before, @Nullable JsonValue now) {
        if (before instanceof JsonObject old && now instanceof JsonObject present) {
            for (int i = 0; i < old.size(); i++) {
                compare(pointer + step(old.name(i)), old.value(i), present.get(old.name(i)));
            }
            for (int i = 0; i < present.size(); i++) {
                if (!old.has(present.name(i))) {
                    compare(pointer + step(present.name(i)), null, present.value(i));
                }
            }
        } else if (before instanceof JsonArray old && now instanceof JsonArray present) {
            for (int i = 0; i < Math.max(old.values().size(), present.values().size()); i++) {
                compare(pointer + "/" + i, i < old.values().size() ? old.values().get(i) : null,
                        i < present.values().size() ? present.values().get(i) : null);
            }
        } else if (before == null || now == null || !before.equals(now)) {
            add(pointer, before, now);
        }
    }

    private void add(String pointer, @Nullable JsonValue before, @Nullable JsonValue now) {
        if (lines.size() == MOST) {
            more++;
            return;
        }
        String place = pointer.isEmpty() ? "all" : Visible.text(pointer);
        lines.add(before == null && now != null ? place + ": new, " + Visible.json(now)
                : now == null && before != null ? place + ": gone, was " + Visible.json(before)
                        : place + ": " + shown(now) + ", was " + shown(before));
    }

    private static String shown(@Nullable JsonValue value) {
        return value == null ? "nothing" : Visible.json(value);
    }

    private static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
