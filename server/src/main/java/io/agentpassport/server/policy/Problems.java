package io.agentpassport.server.policy;

import java.util.ArrayList;
import java.util.List;

/** What was found wrong so far. Reading goes on after a problem, so that a person sees all of them at once. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    void add(String pointer, String message) {
        if (found.size() < PolicyLimits.PROBLEMS) {
            found.add(new Problem(pointer, message));
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Problem> all() {
        return List.copyOf(found);
    }
}
