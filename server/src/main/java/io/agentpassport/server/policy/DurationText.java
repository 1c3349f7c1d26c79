package io.agentpassport.server.policy;

/** Durations as policies write them: {@code 90s}, {@code 15m}, {@code 8h}, {@code 7d}. */
final class DurationText {

    private static final int MAX_DIGITS = 9;

    private DurationText() {}

    /** The seconds of a text, or -1 when it is none. */
    static long seconds(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return switch (text.charAt(digits)) {
            case 's' -> number;
            case 'm' -> number * 60;
            case 'h' -> number * 3_600;
            case 'd' -> number * 86_400;
            default -> -1;
        };
    }

    /** The shortest text of a number of seconds. */
    static String of(long seconds) {
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds != 0 && seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
