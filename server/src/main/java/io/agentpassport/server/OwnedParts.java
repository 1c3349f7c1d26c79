package io.agentpassport.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the service has made and must close, in reverse; and the threads among it. */
final class OwnedParts implements AutoCloseable {

    /** More than there are watches, each of which waits for a thread at most once. */
    private static final int WAITING_WATCHES = 2_048;

    private static final Logger LOG = LoggerFactory.getLogger(OwnedParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Takes a part: it is closed before all that were taken earlier. */
    <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** Threads of this service's own, for which only so much may wait: what is more is refused. */
    ThreadPoolExecutor pool(String name, int threads, int waiting) {
        return own(new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting),
                threads(name)));
    }

    /** One thread to tell those who watch: however many do and whatever is read for them, no call waits for it. */
    Executor watching(String name) {
        return pool(name, 1, WAITING_WATCHES);
    }

    static ThreadFactory threads(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon().factory();
    }

    /** Does a task again and again, with that pause after each time. */
    static void every(ScheduledExecutorService timer, Duration pause, Runnable task) {
        var unused = timer.scheduleWithFixedDelay(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                // A schedule that throws is never run again.
                LOG.error("what is done every {} failed, and is tried again", pause, e);
            }
        }, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes all that it has; what does not close keeps nothing else open. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.error("a part of the service did not close", e);
            }
        }
    }
}
