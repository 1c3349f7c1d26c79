package io.agentpassport.server.cli;

/** Numbers of things, as people write them. */
final class Counted {

    private Counted() {}

    /** Such as {@code 1 test}, or {@code 2 tests}. */
    static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    /** Such as {@code 1 entry}, or {@code 2 entries}. */
    static String of(long number, String one, String more) {
        return number + " " + (number == 1 ? one : more);
    }

    /** The same of entries of a log or a ledger. */
    static String entries(long number) {
        return of(number, "entry", "entries");
    }
}
