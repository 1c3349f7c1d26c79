package io.agentpassport.server.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that takes time in proportion to the text, whatever the text (RE2). Both are capped, so that the
 * product is too.
 */
final class LinearPattern {

    /** The longest pattern, in characters. */
    static final int MAX_CHARACTERS = 1_000;
    /** The most steps of a compiled pattern. */
    static final int MAX_STEPS = 2_000;
    /** The longest text that is matched; of a longer one nothing is said, and the condition fails. */
    static final int MAX_MATCHED_CHARACTERS = 16 * 1024;

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** What came of compiling. */
    sealed interface Outcome {}

    /** It is a pattern. */
    record Compiled(LinearPattern pattern) implements Outcome {}

    /** It is none, or too large a one. */
    record Bad(String problem) implements Outcome {}

    static Outcome compile(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return new Bad("a pattern has at most " + MAX_CHARACTERS + " characters");
        }
        if (text.contains("\\Q")) {
            return new Bad("\\Q is not taken; escape each character");
        }
        if (expandedSize(text) > MAX_STEPS) {
            return new Bad("the pattern repeats too much: at most " + MAX_STEPS + " steps");
        }
        try {
            Pattern pattern = Pattern.compile(text);
            return pattern.programSize() > MAX_STEPS
                    ? new Bad("the pattern is too large: at most " + MAX_STEPS + " steps")
                    : new Compiled(new LinearPattern(pattern));
        } catch (PatternSyntaxException e) {
            return new Bad("is no pattern of RE2: " + e.getDescription());
        }
    }

    /** The pattern of a glob: {@code *} within a path segment, {@code **} over segments, {@code ?} one character. */
    static Outcome glob(String glob) {
        if (glob.length() > MAX_CHARACTERS / 4) {
            return new Bad("a glob has at most " + MAX_CHARACTERS / 4 + " characters");
        }
        var regex = new StringBuilder("(?s)\\A");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c < 128 && !Character.isLetterOrDigit(c)) {
                regex.append('\\').append(c);
            } else {
                regex.append(c);
            }
        }
        return compile(regex.append("\\z").toString());
    }

    /** Whether a part of the text matches. */
    Truth find(String text) {
        return text.length() > MAX_MATCHED_CHARACTERS ? Truth.UNKNOWN : Truth.of(pattern.matcher(text).find());
    }

    /** The text with every match replaced, or null when it is too long to be looked at. */
    @Nullable
    String replaced(String text, String with) {
        return text.length() > MAX_MATCHED_CHARACTERS ? null
                : pattern.matcher(text).replaceAll(com.google.re2j.Matcher.quoteReplacement(with));
    }

    String text() {
        return pattern.pattern();
    }

    /** Roughly how large the pattern is once its counted repetitions are written out; never less than that. */
    private static long expandedSize(String text) {
        long[] sizes = new long[text.length() + 2];
        long[] lasts = new long[text.length() + 2];
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> {
                    i++;
                    sizes[depth] += lasts[depth];
                    lasts[depth] = 1;
                }
                case '(' -> {
                    depth++;
                    sizes[depth] = 0;
                    lasts[depth] = 0;
                }
                case ')' -> {
                    if (depth > 0) {
                        long inner = sizes[depth] + lasts[depth];
                        depth--;
                        sizes[depth] += lasts[depth];
                        lasts[depth] = inner + 1;
                    }
                }
                case '[' -> {
                    i = classEnd(text, i);
                    sizes[depth] += lasts[depth];
                    lasts[depth] = 1;
                }
                case '{' -> {
                    int end = text.indexOf('}', i);
                    long times = end < 0 ? -1 : repetitions(text.substring(i + 1, end));
                    if (times >= 0) {
                        lasts[depth] = Math.min(Math.max(1, lasts[depth]) * Math.max(1, times), 1L << 40);
                        i = end;
                    }
                }
                default -> {
                    sizes[depth] = Math.min(sizes[depth] + lasts[depth], 1L << 40);
                    lasts[depth] = 1;
                }
            }
        }
        long size = 0;
        for (int i = 0; i <= depth; i++) {
            size += sizes[i] + lasts[i];
        }
        return size;
    }

    /** The closing bracket of a class; the last character when there is none. */
    private static int classEnd(String text, int open) {
        int at = open + 1;
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        for (int first = at; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '[' && text.startsWith("[:", at) && text.indexOf(":]", at) > 0) {
                at = text.indexOf(":]", at) + 1;
            } else if (c == ']' && at > first) {
                return at;
            }
        }
        return text.length() - 1;
    }

    /** The larger number of {@code n}, {@code n,} or {@code n,m}; -1 for anything else. */
    private static long repetitions(String counts) {
        if (!counts.matches("[0-9]{1,6}(,[0-9]{0,6})?")) {
            return -1;
        }
        long most = 0;
        for (String count : counts.split(",", -1)) {
            most = count.isEmpty() ? most : Math.max(most, Long.parseLong(count));
        }
        return most;
    }
}
