package io.agentpassport.server.partition;

import java.util.concurrent.CompletionException;

/** How futures fail. */
public final class Failures {

    private Failures() {}

    /** What a future failed with, of what the stages that follow it are told. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
