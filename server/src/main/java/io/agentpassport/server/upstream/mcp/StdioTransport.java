package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A server that is a child process: a message is a line of its standard input or output. A line that is too long, or that is
 * no message, ends it; so does a child that does not read.
 */
final class StdioTransport implements Transport {

    private final ChildProcess child;
    private final int maxBytes;
    private final JsonParser parser;
    private final McpContext context;
    private final Listener listener;
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger replies = new AtomicInteger();
    private volatile boolean open = true;

    /** Why it is not open any more: the first of all causes, for what ends a child often ends more than one thing. */
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();

    private record Waiting(CompletableFuture<Answer> answer, int maxBytes) {}

    private StdioTransport(ChildProcess child, int maxBytes, McpContext context, Listener listener) {
        this.child = child;
        this.maxBytes = maxBytes;
        this.parser = McpLimits.parser(maxBytes);
        this.context = context;
        this.listener = listener;
    }

    /**
     * Starts the child.
     *
     * @param name
     *            of the upstream, for the log
     * @param maxBytes
     *            the longest line
     * @throws IOException
     *             when it cannot be started
     */
    static StdioTransport start(String name, Stdio config, int maxBytes, McpContext context, Listener listener)
            throws IOException {
        var transport = new StdioTransport(ChildProcess.start(name, config, context), maxBytes, context, listener);
        Thread.ofPlatform().daemon().name("upstream-" + name + "-out").start(transport::read);
        return transport;
    }

    @Override
    public Answer ask(long id, JsonObject request, Deadline deadline, int most) {
        var answer = new CompletableFuture<Answer>();
        waiting.put(id, new Waiting(answer, most));
        asked.incrementAndGet();
        try {
            Answer.Failed unsent = write(request, deadline);
            if (unsent != null) {
                return unsent;
            }
            return answer.get(deadline.leftNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancelled(id);
            return new Answer.Failed(Answer.Fault.TIMEOUT, "no answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed(Answer.Fault.TIMEOUT, "the service is stopping");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is never a failure", e);
        } finally {
            waiting.remove(id);
        }
    }

    @Override
    public boolean tell(JsonObject message, Deadline deadline) {
        return write(message, deadline) == null;
    }

    private void cancelled(long id) {
        Thread.startVirtualThread(() -> tell(Message.cancelled(id), Deadline.in(McpLimits.COURTESY, context.ticker())));
    }

    /** Writes a line; what kept it from being sent, or null. */
    private Answer.@Nullable Failed write(JsonObject message, Deadline deadline) {
        byte[] bytes = Jcs.bytes(message);
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        try {
            if (!writing.tryLock(deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
                return new Answer.Failed(Answer.Fault.UNREACHABLE, "it does not read what it is sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed(Answer.Fault.UNREACHABLE, "the service is stopping");
        }
        try {
            return open ? written(line, deadline) : new Answer.Failed(Answer.Fault.UNREACHABLE, why());
        } finally {
            writing.unlock();
        }
    }

    private Answer.@Nullable Failed written(byte[] line, Deadline deadline) {
        Future<?> alarm = context.timer()
                .schedule(() -> fail("no answer in time: it does not read what it is sent", Answer.Fault.TIMEOUT),
                        deadline.leftNanos(), TimeUnit.NANOSECONDS);
        try {
            OutputStream in = child.input();
            in.write(line);
            in.flush();
            return null;
        } catch (IOException e) {
            fail("it ended while it was sent a message", Answer.Fault.PROTOCOL);
            // Half of the line may be there.
            return new Answer.Failed(Answer.Fault.PROTOCOL, why());
        } finally {
            alarm.cancel(false);
        }
    }

    private void read() {
        var lines = new BoundedLines(child.output(), maxBytes, Long.MAX_VALUE);
        try {
            for (byte[] line = lines.next(); line != null && open; line = lines.next()) {
                if (line.length > 0 && !took(line)) {
                    return;
                }
            }
            fail("it has ended", Answer.Fault.PROTOCOL);
        } catch (BoundedLines.TooLong e) {
            fail("it sent a line of more than " + maxBytes + " bytes", Answer.Fault.TOO_LARGE);
        } catch (IOException e) {
            fail("it has ended", Answer.Fault.PROTOCOL);
        }
    }

    /** Whether the line was a message that may come. */
    private boolean took(byte[] line) {
        switch (Message.read(line, parser)) {
            case Message.Reply reply -> {
                Waiting one = waiting.remove(reply.id());
                // None waits for an answer that came too late.
                if (one != null) {
                    one.answer.complete(line.length > one.maxBytes + McpLimits.ENVELOPE_BYTES
                            ? new Answer.Failed(Answer.Fault.TOO_LARGE, "the result is larger than may be taken")
                            : reply.answer());
                }
            }
            case Message.Ask ask -> {
                if (replies.incrementAndGet() > McpLimits.REQUESTS_OF_ITS_OWN * (1L + asked.get())) {
                    fail("it asks too much of its own", Answer.Fault.PROTOCOL);
                    return false;
                }
                JsonObject reply = Message.reply(ask);
                Thread.startVirtualThread(() -> tell(reply, Deadline.in(McpLimits.COURTESY, context.ticker())));
            }
            case Message.Notice notice -> {
                if (notice.method().equals("notifications/tools/list_changed")) {
                    listener.toolsChanged();
                }
            }
            case Message.Garbled garbled -> {
                fail(garbled.problem(), Answer.Fault.PROTOCOL);
                return false;
            }
        }
        return true;
    }

    private void fail(String why, Answer.Fault fault) {
        end.compareAndSet(null, why);
        open = false;
        for (Waiting one : List.copyOf(waiting.values())) {
            one.answer.complete(new Answer.Failed(fault, why));
        }
        Thread.startVirtualThread(child::end);
    }

    private String why() {
        return Objects.requireNonNullElse(end.get(), "it has ended");
    }

    @Override
    public void agreed(String version) {
        // The version stands in initialize alone.
    }

    @Override
    public boolean isOpen() {
        return open && child.isAlive();
    }

    @Override
    public void close() {
        open = false;
        child.end();
        fail("the service is stopping", Answer.Fault.PROTOCOL);
    }

    /** For checks that nothing outlives the service. */
    ProcessHandle process() {
        return child.handle();
    }

    /** Where a child runs. */
    static Path folder(Stdio config) {
        Path folder = config.folder();
        return folder == null ? Path.of("").toAbsolutePath() : folder;
    }
}
