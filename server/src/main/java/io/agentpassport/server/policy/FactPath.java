package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A place among the facts, read once and followed without parsing: {@code args.a.b}, {@code /args/a/b} (RFC 6901), or a
 * root alone.
 */
public final class FactPath {

    /** The most segments after the root. */
    public static final int MAX_SEGMENTS = 16;
    /** The longest text, in characters. */
    public static final int MAX_CHARACTERS = 512;

    /** What a path begins with. */
    public enum Root {
        /** The arguments. */
        ARGS,
        /** Who calls. */
        AGENT,
        /** By what right. */
        GRANT,
        /** In which session. */
        SESSION,
        /** When, in UTC. */
        TIME,
        /** Counters, with this call counted. */
        STATE,
        /** How the caller proved itself. */
        PROOF,
        /** What the tool answered; for prices and responses. */
        RESULT,
        /** An element, or a part of a value. */
        ELEMENT;

        private final String text = name().toLowerCase(Locale.ROOT);

        static @Nullable Root fromText(String text) {
            for (Root root : values()) {
                if (root.text.equals(text) && root != ELEMENT) {
                    return root;
                }
            }
            return null;
        }
    }

    private final Root root;
    private final String[] segments;
    private final String text;

    FactPath(Root root, List<String> segments, String text) {
        this.root = root;
        this.segments = segments.toArray(new String[0]);
        this.text = text;
    }

    /**
     * The path of a text, or null: {@code root.a.b}, {@code /root/a/b}, or a root. Elements of arrays go by their index.
     */
    public static @Nullable FactPath fromText(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS) {
            return null;
        }
        List<String> all = text.charAt(0) == '/' ? Pointer.segments(text) : List.of(text.split("\\.", -1));
        Root root = all == null ? null : Root.fromText(all.get(0));
        if (all == null || root == null || all.size() > MAX_SEGMENTS + 1) {
            return null;
        }
        List<String> segments = all.subList(1, all.size());
        if (text.charAt(0) != '/' && segments.contains("")) {
            return null;
        }
        boolean fits = switch (root) {
            case PROOF -> segments.isEmpty();
            case TIME -> segments.isEmpty() || (segments.size() == 1 && TimeFacts.MEMBERS.contains(segments.get(0)));
            case STATE -> !segments.isEmpty();
            default -> true;
        };
        return fits ? new FactPath(root, segments, text) : null;
    }

    /** A path within a value, {@code a.b} or {@code /a/b}; or null. */
    static @Nullable FactPath within(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS) {
            return null;
        }
        List<String> segments = text.charAt(0) == '/' ? Pointer.segments(text) : List.of(text.split("\\.", -1));
        return segments == null || segments.size() > MAX_SEGMENTS
                || (text.charAt(0) != '/' && segments.contains("")) ? null
                        : new FactPath(Root.ELEMENT, segments, text);
    }

    /** Where it begins. */
    public Root root() {
        return root;
    }

    /** The segments after the root. */
    public List<String> segments() {
        return List.of(segments);
    }

    /** The text it was read from. */
    public String text() {
        return text;
    }

    /** The value there, or null when there is none. Of a call only: paths of state and result have other sources. */
    public @Nullable JsonValue in(CallFacts facts) {
        return switch (root) {
            case ARGS -> follow(facts.args());
            case AGENT -> follow(facts.agent());
            case GRANT -> follow(facts.grant());
            case SESSION -> follow(facts.session());
            case TIME -> TimeFacts.value(facts.now(), segments);
            case PROOF -> segments.length == 0 ? new JsonString(facts.proof().text()) : null;
            case STATE, RESULT, ELEMENT -> null;
        };
    }

    /** The value that the segments lead to from a value, or null when there is none. */
    public @Nullable JsonValue follow(JsonValue from) {
        JsonValue at = from;
        for (String segment : segments) {
            if (at instanceof JsonObject object) {
                at = object.get(segment);
            } else if (at instanceof JsonArray array) {
                int index = index(segment);
                at = index < 0 || index >= array.values().size() ? null : array.values().get(index);
            } else {
                return null;
            }
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /** The index that a segment says (RFC 6901: no sign, no leading zero), or -1. */
    private static int index(String segment) {
        int length = segment.length();
        if (length == 0 || length > 6 || (length > 1 && segment.charAt(0) == '0')) {
            return -1;
        }
        int index = 0;
        for (int i = 0; i < length; i++) {
            char c = segment.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            index = index * 10 + (c - '0');
        }
        return index;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FactPath that && root == that.root && segments().equals(that.segments());
    }

    @Override
    public int hashCode() {
        return 31 * root.hashCode() + segments().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
