package io.agentpassport.client;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An identity whose certificate is renewed by itself at two thirds of its life. When renewing fails it is tried again
 * every minute, until the certificate ends.
 */
public final class RenewingIdentity implements AutoCloseable {

    private static final Duration RETRY = Duration.ofMinutes(1);

    private final PassportClient client;
    private final Consumer<AgentIdentity> renewed;
    private final ScheduledExecutorService schedule;
    private final Runnable closing;
    private final Object next = new Object();
    private @Nullable Future<?> planned;
    private boolean closed;
    private volatile AgentIdentity identity;

    private RenewingIdentity(PassportClient client, AgentIdentity identity, Consumer<AgentIdentity> renewed,
            ScheduledExecutorService schedule, Runnable closing) {
        this.client = client;
        this.identity = identity;
        this.renewed = renewed;
        this.schedule = schedule;
        this.closing = closing;
    }

    /**
     * Keeps the identity alive until closed.
     *
     * @param renewed told of each new certificate, for instance to save it; it must not throw
     */
    public static RenewingIdentity keep(PassportClient client, AgentIdentity identity,
            Consumer<AgentIdentity> renewed) {
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "passport-renewal");
            thread.setDaemon(true);
            return thread;
        });
        return begun(new RenewingIdentity(client, identity, renewed, own, own::shutdownNow));
    }

    /**
     * As {@link #keep(PassportClient, AgentIdentity, Consumer)}, on a schedule of the caller's, which outlives it.
     *
     * @param schedule a renewal keeps one of its threads busy for as long as a call takes
     */
    public static RenewingIdentity keep(PassportClient client, AgentIdentity identity,
            Consumer<AgentIdentity> renewed, ScheduledExecutorService schedule) {
        return begun(new RenewingIdentity(client, identity, renewed, schedule, () -> {}));
    }

    private static RenewingIdentity begun(RenewingIdentity keeper) {
        keeper.scheduleNext();
        return keeper;
    }

    /** The identity with its newest certificate. */
    public AgentIdentity current() {
        return identity;
    }

    /** Renews now when two thirds of the life are over, and says whether it did. */
    public synchronized boolean renewIfDue() {
        if (client.clock().instant().isBefore(identity.renewAfter())) {
            return false;
        }
        AgentIdentity fresh = client.certificates().renew(identity);
        identity = fresh;
        renewed.accept(fresh);
        return true;
    }

    private void run() {
        try {
            renewIfDue();
            scheduleNext();
        } catch (RuntimeException e) {
            // Also one of the listener's: a schedule that ends here would let the certificate run out.
            if (client.nowMillis() <= identity.certificate().notAfterMillis()) {
                later(RETRY);
            }
        }
    }

    private void scheduleNext() {
        Duration wait = Duration.between(client.clock().instant(), identity.renewAfter());
        later(wait.compareTo(ClientLimits.MIN_RENEWAL_PAUSE) < 0 ? ClientLimits.MIN_RENEWAL_PAUSE : wait);
    }

    private void later(Duration wait) {
        synchronized (next) {
            if (closed) {
                return;
            }
            try {
                planned = schedule.schedule(this::run, wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // The caller's schedule has ended: it is renewed no more.
            }
        }
    }

    /** Renews no more. */
    @Override
    public void close() {
        synchronized (next) {
            closed = true;
            if (planned != null) {
                planned.cancel(true);
            }
        }
        closing.run();
    }
}
