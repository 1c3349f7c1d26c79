package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.upstream.mcp.Answer;
import io.agentpassport.server.upstream.mcp.Deadline;
import io.agentpassport.server.upstream.mcp.ForeignText;
import io.agentpassport.server.upstream.mcp.McpConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: connected to when it is needed, again after a pause that grows when that fails, and asked for its tools before
 * the first call of each connection and whenever it says that they changed.
 */
final class McpUpstream implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** Between a server's word that its tools changed and our asking, so that many such words make one question. */
    private static final Duration COALESCE = Duration.ofSeconds(1);
    /** How often one call waits for a list of tools that changes under it. */
    private static final int LISTS_PER_CALL = 2;

    private static final Logger LOG = LoggerFactory.getLogger(McpUpstream.class);

    private final UpstreamConfig config;
    private final UpstreamContext context;
    private final ToolPins pins;
    private final Semaphore room;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicBoolean refreshSoon = new AtomicBoolean();

    private volatile @Nullable Ready ready;
    private volatile UpstreamStatus.State state = UpstreamStatus.State.CONNECTING;
    private volatile String lastError = "";
    private volatile @Nullable Instant refreshedAt;
    private volatile boolean closed;

    // Guarded by this.
    private @Nullable CompletableFuture<Preparation> underWay;
    private int failures;
    private long nextAttempt;

    /** What preparing answers: {@link Ready} or {@link NotReady}. */
    sealed interface Preparation {}

    /** A connection whose tools were looked at, when the server had spoken of that many changes. */
    private record Ready(McpConnection connection, long changes) implements Preparation {}

    private record NotReady(String problem) implements Preparation {}

    McpUpstream(UpstreamConfig config, UpstreamContext context, ToolPins pins) {
        this.config = config;
        this.context = context;
        this.pins = pins;
        this.room = new Semaphore(config.calls());
        this.nextAttempt = context.ticker().getAsLong();
    }

    String name() {
        return config.name();
    }

    /** Whether one more call may run; {@link #leave} after it. */
    boolean enter() {
        return room.tryAcquire();
    }

    void leave() {
        room.release();
    }

    /** Calls a tool; blocks for the time that the options give. */
    ToolOutcome call(Tool tool, JsonObject params, CallOptions options) {
        Duration time = options.timeout().compareTo(config.timeout()) < 0 ? options.timeout() : config.timeout();
        Deadline deadline = Deadline.in(time, context.ticker());
        int maxBytes = Math.min(options.maxBytes(), config.maxBytes());
        for (boolean again = false;; again = true) {
            switch (prepared(deadline)) {
                case NotReady not -> {
                    return kept(again, not.problem());
                }
                case Ready now -> {
                    if (!isAccepted(tool)) {
                        return kept(again, "its definition is not the accepted one any more");
                    }
                    Answer answer = now.connection.call(
                            McpToolCall.request(tool, params, config.idempotencyMeta(), options),
                            deadline, maxBytes);
                    if (answer instanceof Answer.SessionLost && !again) {
                        drop(now);
                    } else {
                        return McpToolCall.outcome(answer);
                    }
                }
            }
        }
    }

    /** It is not sent; only when it never was is it known not to have run. */
    private static ToolFailure kept(boolean wasSent, String problem) {
        return new ToolFailure(wasSent ? ToolFailure.Kind.PROTOCOL : ToolFailure.Kind.UNREACHABLE, problem);
    }

    private boolean isAccepted(Tool tool) {
        Tool standing = pins.catalogue().named(tool.text());
        return standing != null && standing.definitionDigest().equals(tool.definitionDigest());
    }

    /** A connection whose tools are those of the catalogue. */
    private Preparation prepared(Deadline deadline) {
        for (int lists = 0; lists <= LISTS_PER_CALL; lists++) {
            Ready now = ready;
            if (now != null && now.connection.isOpen() && now.changes == changes.get()) {
                return now;
            }
            if (lists < LISTS_PER_CALL) {
                try {
                    Preparation made = prepare().get(deadline.leftNanos(), TimeUnit.NANOSECONDS);
                    if (made instanceof NotReady) {
                        return made;
                    }
                } catch (TimeoutException e) {
                    return new NotReady("it could not be reached in time");
                } catch (ExecutionException e) {
                    LOG.error("upstream {}: preparing it failed", name(), e);
                    return new NotReady("preparing it failed");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return new NotReady("the service is stopping");
                }
            }
        }
        return new NotReady("its list of tools keeps changing");
    }

    /** Connects when it is not connected, and asks for its tools; one at a time, whoever asks. */
    synchronized CompletableFuture<Preparation> prepare() {
        if (underWay != null) {
            return underWay;
        }
        if (closed) {
            return CompletableFuture.completedFuture(new NotReady("the service is stopping"));
        }
        if (failures > 0 && context.ticker().getAsLong() - nextAttempt < 0) {
            return CompletableFuture.completedFuture(new NotReady(lastError));
        }
        var made = new CompletableFuture<Preparation>();
        underWay = made;
        context.threads().execute(() -> {
            Preparation preparation;
            try {
                preparation = prepareNow();
            } catch (RuntimeException e) {
                LOG.error("upstream {}: preparing it failed", name(), e);
                preparation = new NotReady("preparing it failed");
            }
            note(preparation);
            made.complete(preparation);
        });
        return made;
    }

    private Preparation prepareNow() {
        long seen = changes.get();
        Deadline deadline = Deadline.in(config.timeout(), context.ticker());
        Ready before = ready;
        McpConnection connection = before == null ? null : before.connection;
        if (connection == null || !connection.isOpen()) {
            drop(before);
            switch (McpConnection.open(config, context.mcp(), deadline, this::toolsChanged)) {
                case McpConnection.Closed not -> {
                    return new NotReady(not.problem());
                }
                case McpConnection.Opened opened -> connection = opened.connection();
            }
        }
        String problem = look(connection, deadline);
        if (problem != null) {
            connection.close();
            return new NotReady(problem);
        }
        return new Ready(connection, seen);
    }

    /** Has the tools taken down; what went wrong, or null. */
    private @Nullable String look(McpConnection connection, Deadline deadline) {
        switch (connection.list(deadline)) {
            case McpConnection.Unlisted not -> {
                return not.problem();
            }
            case McpConnection.Listed listed -> {
                Map<String, ToolDefinition> definitions = new LinkedHashMap<>();
                String unfit = "";
                for (JsonValue entry : listed.tools()) {
                    switch (ToolDefinition.read(entry)) {
                        case ToolDefinition.Unfit not -> unfit = "left out: " + not.problem();
                        case ToolDefinition.Read read -> {
                            if (definitions.put(read.definition().name(), read.definition()) != null) {
                                return "it has two tools named " + read.definition().name();
                            }
                        }
                    }
                }
                try {
                    pins.observe(name(), List.copyOf(definitions.values()), context.firstSight()).join();
                } catch (CompletionException e) {
                    LOG.warn("upstream {}: its tools could not be taken down", name(), e);
                    return "its tools could not be taken down";
                }
                lastError = ForeignText.bounded(unfit, ToolFailure.MAX_MESSAGE_CHARACTERS);
                refreshedAt = context.clock().instant();
                return null;
            }
        }
    }

    private synchronized void note(Preparation preparation) {
        underWay = null;
        UpstreamStatus.State before = state;
        switch (preparation) {
            case Ready now -> {
                failures = 0;
                ready = now;
                state = UpstreamStatus.State.CONNECTED;
                if (closed) {
                    now.connection.close();
                } else if (before != state) {
                    LOG.info("upstream {} is connected, with {} tools", name(), pins.of(name()).size());
                }
            }
            case NotReady not -> {
                ready = null;
                lastError = ForeignText.bounded(not.problem(), ToolFailure.MAX_MESSAGE_CHARACTERS);
                long pause = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures, 10));
                failures++;
                nextAttempt = context.ticker().getAsLong() + pause;
                state = UpstreamStatus.State.UNREACHABLE;
                if (before != state && !closed) {
                    LOG.warn("upstream {} cannot be used: {}", name(), lastError);
                }
                later(Duration.ofNanos(pause));
            }
        }
    }

    /** A server says that its tools changed: calls wait from now on until they have been looked at. */
    private void toolsChanged() {
        changes.incrementAndGet();
        later(COALESCE);
    }

    private void later(Duration pause) {
        if (!closed && refreshSoon.compareAndSet(false, true)) {
            var unusedToo = context.timer().schedule(() -> {
                refreshSoon.set(false);
                var unused = prepare();
            }, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void drop(@Nullable Ready stale) {
        if (stale != null) {
            if (stale.equals(ready)) {
                ready = null;
            }
            context.threads().execute(stale.connection::close);
        }
    }

    UpstreamStatus status() {
        return switch (config.reach()) {
            case Http http -> status(UpstreamStatus.Kind.MCP_HTTP, http.url().toString());
            case Stdio stdio -> status(UpstreamStatus.Kind.MCP_STDIO, program(stdio));
        };
    }

    /** Without its arguments, which may hold what is not for everybody. */
    private static String program(Stdio stdio) {
        Path name = Path.of(stdio.command().get(0)).getFileName();
        return name == null ? "" : name.toString();
    }

    private UpstreamStatus status(UpstreamStatus.Kind kind, String target) {
        return new UpstreamStatus(name(), kind, target, state, lastError, pins.of(name()).size(), refreshedAt);
    }

    @Override
    public void close() {
        Ready last;
        synchronized (this) {
            closed = true;
            last = ready;
            ready = null;
        }
        if (last != null) {
            last.connection.close();
        }
    }
}
