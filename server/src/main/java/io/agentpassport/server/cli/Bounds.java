package io.agentpassport.server.cli;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What options may hold, checked before anybody is asked, in the words of the command line. The service checks the same
 * again, in the words of its contract.
 */
final class Bounds {

    /** The longest binding and subject id, in characters. */
    static final int NAME_CHARACTERS = 256;
    /** The longest reason, in characters. */
    static final int REASON_CHARACTERS = 256;

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern PARTITION = Pattern.compile("[0-9a-f]{4}");
    private static final Pattern PLACED = Pattern.compile("[0-9a-f]{24}");

    private Bounds() {}

    /** Refuses a number out of the range; null is none given. */
    static void number(String option, @Nullable Integer given, int least, int most) {
        if (given != null && (given < least || given > most)) {
            throw CommandFailure.unusable(option + " must be between " + least + " and " + most + ", not " + given);
        }
    }

    /** Refuses a duration out of the range; null is none given. */
    static void duration(String option, @Nullable Duration given, Duration least, Duration most) {
        if (given != null && (given.compareTo(least) < 0 || given.compareTo(most) > 0)) {
            throw CommandFailure.unusable(option + " must be between " + DurationText.of(least) + " and "
                    + DurationText.of(most) + ", not " + DurationText.of(given));
        }
    }

    /** Refuses a text of another length; null is none given. */
    static void text(String option, @Nullable String given, int least, int most) {
        if (given != null && (given.length() < least || given.length() > most
                || given.chars().anyMatch(Character::isISOControl))) {
            throw CommandFailure.unusable(option + " must have " + least + " to " + most + " characters"
                    + (given.length() > most ? ", not " + given.length() : ""));
        }
    }

    /** Refuses what names no certificate or session. */
    static void id(String what, String id) {
        if (!DIGEST.matcher(id).matches()) {
            throw CommandFailure.unusable(what + " is sha256: and 64 lower-case hex digits, not " + id);
        }
    }

    /** Refuses what names no partition; null is none given. */
    static void partition(@Nullable String partition) {
        if (partition != null && !PARTITION.matcher(partition).matches()) {
            throw CommandFailure.unusable("--partition is the 4 lower-case hex digits that came with the id, not "
                    + partition);
        }
    }

    /** Refuses what is no id with that prefix, such as {@code appr_}. */
    static void placedId(String what, String prefix, String id) {
        if (!id.startsWith(prefix) || !PLACED.matcher(id.substring(prefix.length())).matches()) {
            throw CommandFailure.unusable(what + " is " + prefix + " and 24 lower-case hex digits, not " + id);
        }
    }
}
