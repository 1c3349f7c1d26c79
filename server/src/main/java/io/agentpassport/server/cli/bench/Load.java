package io.agentpassport.server.cli.bench;

import java.util.concurrent.CompletableFuture;

/** One kind of work, called over and over by many at once. */
public interface Load {

    /** What it is called in tables, such as {@code issue}. */
    String name();

    /** Runs one operation; completes when its answer was checked, exceptionally when it failed. */
    CompletableFuture<Void> run();
}
