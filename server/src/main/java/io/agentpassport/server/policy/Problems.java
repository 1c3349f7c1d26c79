package io.agentpassport.server.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was found wrong so far. Reading goes on after a problem, so that a person sees all of them at once. */
final class Problems {

    /** The longest place whose line is kept; names may be long, and there are up to {@link PolicyLimits#TOKENS} places. */
    private static final int MAX_POINTER_CHARACTERS = 256;

    private final List<Problem> found = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final Set<String> unreadable = new HashSet<>();

    /** The line, from 1, on which that place begins. */
    void stands(String pointer, int line) {
        if (pointer.length() <= MAX_POINTER_CHARACTERS) {
            lines.put(pointer, line);
        }
    }

    void add(String pointer, String message) {
        add(pointer, message, lineOf(pointer));
    }

    /** A value that cannot be told: nothing else is said of it, because that would be of what was put in its place. */
    void unreadable(String pointer, String message) {
        add(pointer, message);
        unreadable.add(pointer);
    }

    void add(String pointer, String message, int line) {
        if (found.size() < PolicyLimits.PROBLEMS && !unreadable.contains(pointer)) {
            found.add(new Problem(pointer, message, line));
        }
    }

    /** Of what is missing, the line of what it is missing in. */
    private int lineOf(String pointer) {
        String at = pointer;
        for (int slash = at.lastIndexOf('/'); slash >= 0; slash = at.lastIndexOf('/')) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
            at = at.substring(0, slash);
        }
        return 0;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Problem> all() {
        return List.copyOf(found);
    }
}
