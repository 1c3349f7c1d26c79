package io.agentpassport.server.cli;

import java.io.PrintStream;

/** Tells the demo chapter by chapter; what goes otherwise than told ends it. */
final class Storyteller {

    private final PrintStream out;
    private int chapter;

    Storyteller(PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.println();
        out.println(++chapter + ". " + title);
        out.flush();
    }

    void fact(String name, String text) {
        out.printf("   %-16s %s%n", name, text);
        out.flush();
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw CommandFailure.refused("the demo failed: " + what);
        }
    }

    /** The answer as what it must be. */
    static <T> T as(Class<T> expected, Object answer) {
        require(expected.isInstance(answer), "expected " + expected.getSimpleName() + ", not " + answer);
        return expected.cast(answer);
    }
}
