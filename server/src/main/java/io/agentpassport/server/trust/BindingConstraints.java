package io.agentpassport.server.trust;

import io.agentpassport.core.trust.TrustAnchor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binding constraints of two parties at once: an empty list allows all, a text itself, one that ends in a star a prefix. */
final class BindingConstraints {

    /** Allows nothing: no document that passed the gate holds a lone surrogate. */
    static final List<String> NOTHING = List.of("\uD800");

    private BindingConstraints() {}

    /** What both allow. */
    static List<String> both(List<String> first, List<String> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        Set<String> allowed = new LinkedHashSet<>();
        for (String one : first) {
            for (String other : second) {
                String narrower = narrower(one, other);
                if (narrower != null) {
                    allowed.add(narrower);
                }
            }
        }
        return allowed.isEmpty() ? NOTHING : List.copyOf(allowed);
    }

    /** Of two constraints the one that the other one covers, or null when they share nothing. */
    private static @Nullable String narrower(String one, String other) {
        if (covers(one, other)) {
            return other;
        }
        return covers(other, one) ? one : null;
    }

    private static boolean covers(String wide, String narrow) {
        if (!wide.endsWith("*")) {
            // A star at the end of the other makes it a prefix, which one text never covers.
            return wide.equals(narrow);
        }
        String narrowText = narrow.endsWith("*") ? narrow.substring(0, narrow.length() - 1) : narrow;
        return TrustAnchor.matches(wide, narrowText);
    }
}
