package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.JsonObject;

/** Carries messages to one server and back. Calls block; from any thread, many at once. */
interface Transport extends AutoCloseable {

    /**
     * Sends a request and waits for its answer.
     *
     * @param id
     *            the request's own
     * @param maxBytes
     *            the largest answer that is taken, held while it is read
     * @return in time
     */
    Answer ask(long id, JsonObject request, Deadline deadline, int maxBytes);

    /** Sends something that is not answered; whether it was taken. */
    boolean tell(JsonObject message, Deadline deadline);

    /** Says which version of the protocol is spoken from now on, and that the server may speak up by itself. */
    void agreed(String version);

    /** Whether a request may be sent. */
    boolean isOpen();

    /** Ends it, and what hangs on it. */
    @Override
    void close();

    /** Told of what a server says by itself. */
    @FunctionalInterface
    interface Listener {

        /** Its list of tools has changed, it says. Quick, from any thread. */
        void toolsChanged();
    }
}
