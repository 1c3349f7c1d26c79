package io.agentpassport.server.rpc;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are held in memory for connections: each may have so many, and all together. When all have what there is, a
 * connection is left a share that whoever does not pile up needs no more than. For any threads.
 */
final class HeldBytes {

    private final Attributes.Key<AtomicLong> key;
    private final long most;
    private final long mostInAll;
    private final long share;
    private final AtomicLong inAll = new AtomicLong();

    /**
     * @param name
     *            of what is held
     * @param most
     *            bytes for one connection
     * @param mostInAll
     *            bytes for all of them
     * @param share
     *            bytes for one when that is reached
     */
    HeldBytes(String name, long most, long mostInAll, long share) {
        this.key = Attributes.Key.create(name);
        this.most = most;
        this.mostInAll = mostInAll;
        this.share = share;
    }

    /** Counts for each connection apart. */
    ServerTransportFilter connections() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                return attributes.toBuilder().set(key, new AtomicLong()).build();
            }
        };
    }

    /** What is held for the connection of a call; null when nobody counts it. */
    @Nullable
    AtomicLong of(Attributes call) {
        return call.get(key);
    }

    /** Bytes held, of all connections. */
    long all() {
        return inAll.get();
    }

    /** Holds so many more, unless that is more than may be. */
    boolean take(AtomicLong connection, long bytes) {
        long held = connection.addAndGet(bytes);
        boolean full = inAll.addAndGet(bytes) > mostInAll;
        if (held > (full ? share : most)) {
            give(connection, bytes);
            return false;
        }
        return true;
    }

    /** The same, but that whatever comes alone always fits. */
    boolean takeOne(AtomicLong connection, long bytes) {
        if (connection.get() == 0) {
            connection.addAndGet(bytes);
            inAll.addAndGet(bytes);
            return true;
        }
        return take(connection, bytes);
    }

    /** So many are held no longer. */
    void give(AtomicLong connection, long bytes) {
        connection.addAndGet(-bytes);
        inAll.addAndGet(-bytes);
    }

    /** Whether more is held for a connection than that, or than its share when all have what there is. */
    boolean isAbove(AtomicLong connection, long bytes) {
        return connection.get() > (inAll.get() > mostInAll ? share : bytes);
    }
}
