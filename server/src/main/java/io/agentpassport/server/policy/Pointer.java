package io.agentpassport.server.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON Pointers (RFC 6901) as texts. */
final class Pointer {

    private Pointer() {}

    /** The pointer to a member, or to an element by its index. */
    static String to(String parent, String segment) {
        return parent + "/" + (segment.indexOf('~') < 0 && segment.indexOf('/') < 0 ? segment
                : segment.replace("~", "~0").replace("/", "~1"));
    }

    static String to(String parent, int index) {
        return parent + "/" + index;
    }

    /** The segments of a pointer, or null when the text is none. */
    static @Nullable List<String> segments(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (pointer.charAt(0) != '/') {
            return null;
        }
        var segments = new ArrayList<String>();
        for (String segment : pointer.substring(1).split("/", -1)) {
            if (segment.replace("~0", "").replace("~1", "").indexOf('~') >= 0) {
                return null;
            }
            segments.add(segment.replace("~1", "/").replace("~0", "~"));
        }
        return segments;
    }
}
