package io.agentpassport.server.crash;

import io.agentpassport.client.PassportException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client asked for, and what it was told each time that it asked. Safe for any number of threads.
 *
 * @param <T>
 *            what is answered
 */
final class Operation<T> {

    /** Begins the code of a refusal that is none: the answer does not verify. */
    static final String UNPROVEN = "unproven: ";

    private static final int LONGEST_TEXT = 1_200;

    private final String name;
    private final List<Told<T>> told = new ArrayList<>();

    Operation(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Asks, and writes down what came of it. */
    Told<T> ask(Supplier<T> question) {
        long sent = System.currentTimeMillis();
        Told<T> outcome;
        try {
            T answer = question.get();
            outcome = new Told.Acknowledged<>(sent, System.currentTimeMillis(), answer);
        } catch (PassportException e) {
            outcome = Told.failed(sent, System.currentTimeMillis(), e);
        }
        tell(outcome);
        return outcome;
    }

    synchronized void tell(Told<T> outcome) {
        told.add(outcome);
    }

    synchronized List<Told<T>> told() {
        return List.copyOf(told);
    }

    /** Whether anybody asked. */
    boolean wasTried() {
        return !told().isEmpty();
    }

    /** The first answer, or null. */
    Told.@Nullable Acknowledged<T> acknowledged() {
        for (Told<T> each : told()) {
            if (each instanceof Told.Acknowledged<T> acknowledged) {
                return acknowledged;
            }
        }
        return null;
    }

    /** The answer, or null before there is one. */
    @Nullable
    T answer() {
        Told.Acknowledged<T> first = acknowledged();
        return first == null ? null : first.answer();
    }

    /** Whether it was asked without an answer, and never with one. */
    boolean isOpen() {
        return told().stream().anyMatch(each -> each instanceof Told.Unanswered) && acknowledged() == null;
    }

    @Override
    public String toString() {
        String all = told().toString();
        return name + " " + (all.length() <= LONGEST_TEXT ? all : all.substring(0, LONGEST_TEXT) + "...");
    }
}
