package io.agentpassport.server.endtoend;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tools of a service, of which a test knows what ran, and may hold back answers. */
final class HeldTools {

    private final List<String> runs = new ArrayList<>();
    private Predicate<String> held = id -> false;
    private CompletableFuture<Boolean> free = CompletableFuture.completedFuture(true);
    private CountDownLatch waiting = new CountDownLatch(0);

    /** Puts itself in front of the tools of a service. */
    Tools over(Tools tools) {
        return new Tools() {
            @Override
            public @Nullable Tool find(ToolName name) {
                return tools.find(name);
            }

            @Override
            public List<Tool> list() {
                return tools.list();
            }

            @Override
            public CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options) {
                return started(options.requestId()).thenCompose(go -> tools.run(tool, params, options));
            }
        };
    }

    private synchronized CompletableFuture<Boolean> started(String id) {
        runs.add(id);
        if (!held.test(id)) {
            return CompletableFuture.completedFuture(true);
        }
        waiting.countDown();
        return free;
    }

    /** Holds the answers of such requests from now on, until {@link #letGo}; so many are waited for. */
    synchronized void hold(int expected, Predicate<String> requestIds) {
        held = requestIds;
        free = new CompletableFuture<>();
        waiting = new CountDownLatch(expected);
    }

    /** Returns when as many are held as were expected. */
    void awaitHeld() throws InterruptedException {
        CountDownLatch latch;
        synchronized (this) {
            latch = waiting;
        }
        if (!latch.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("not as many run");
        }
    }

    void letGo() {
        CompletableFuture<Boolean> all;
        synchronized (this) {
            held = id -> false;
            all = free;
        }
        all.complete(true);
    }

    /** How often that request ran. */
    synchronized long runs(String id) {
        return runs.stream().filter(id::equals).count();
    }
}
