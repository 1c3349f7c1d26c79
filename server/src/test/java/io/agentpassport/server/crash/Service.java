package io.agentpassport.server.crash;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.config.DataFolder;
import org.jspecify.annotations.Nullable;

/** A running service that can end at any moment. */
interface Service extends AutoCloseable {

    String address();

    PublicKey logKey();

    DataFolder data();

    /** From now on it ends as planned. */
    void arm();

    /** Whether it has ended. */
    boolean isGone();

    /** Returns once it has ended by itself, or that much later; says whether it has. */
    boolean awaitEnd(long millis) throws InterruptedException;

    /** Ends it as it stands, and returns when nothing of it runs. */
    void kill() throws InterruptedException;

    /** Has it finish what is under way, and returns when it is gone. */
    void stop() throws InterruptedException;

    @Override
    void close();

    /** Starts services on one folder, one after the other. */
    interface Launcher {

        /** Starts one; null when it ended, as was planned, before it served. */
        @Nullable
        Service start(CrashPlan plan) throws Exception;
    }
}
