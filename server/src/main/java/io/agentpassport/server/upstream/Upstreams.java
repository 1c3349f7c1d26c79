package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;

/** The upstreams of the service: which tools they have, and how these are called. */
public interface Upstreams extends AutoCloseable {

    /** The tools that can be called now; one volatile read. */
    ToolCatalogue catalogue();

    /**
     * Calls a tool of the {@link #catalogue}. When its upstream shows another definition by then than the one that was
     * accepted, nothing is sent.
     *
     * @param params
     *            its arguments, sent as they are
     * @return completes in the time that the options give, and never exceptionally
     */
    CompletableFuture<ToolOutcome> call(Tool tool, JsonObject params, CallOptions options);

    /** Ends calls that are under way, connections and processes. */
    @Override
    void close();
}
