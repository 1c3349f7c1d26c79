package io.agentpassport.server.rpc;

import java.time.Duration;

/** What one peer may take of the gRPC surface. */
public final class RpcLimits {

    /** Bytes of one message. */
    public static final int MESSAGE_BYTES = 1 << 20;
    /** Bytes of a call's metadata. */
    public static final int METADATA_BYTES = 8 << 10;
    /** Connections on which calls are answered. */
    public static final int CONNECTIONS = 10_000;
    /** Calls under way on one connection. */
    public static final int STREAMS_PER_CONNECTION = 64;
    /** Streams that a peer may reset within {@link #RESET_WINDOW} before its connection is closed. */
    public static final int RESETS_PER_WINDOW = 200;
    public static final Duration RESET_WINDOW = Duration.ofSeconds(30);
    /** The longest a unary call may take, from its first byte to its answer. */
    public static final Duration UNARY_DEADLINE = Duration.ofSeconds(30);
    /** A connection on which nothing comes for so long is asked whether it lives. */
    public static final Duration KEEPALIVE = Duration.ofSeconds(60);
    /** It must answer within. */
    public static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(20);
    /** A client may ask the same no more often than. */
    public static final Duration KEEPALIVE_OF_CLIENT = Duration.ofSeconds(30);
    /** A connection without calls is closed after. */
    public static final Duration CONNECTION_IDLE = Duration.ofMinutes(5);
    /** A connection takes no new calls after. */
    public static final Duration CONNECTION_AGE = Duration.ofMinutes(30);
    /** And is closed so much later, whatever is under way. */
    public static final Duration CONNECTION_AGE_GRACE = Duration.ofMinutes(30);
    /** A TLS handshake takes at most. */
    public static final Duration HANDSHAKE = Duration.ofSeconds(10);
    /** At shutdown, calls under way may take so long; watches are closed at once. */
    public static final Duration DRAIN = Duration.ofSeconds(10);
    /** Then connections, on which somebody may still watch the health, so long. */
    public static final Duration CLOSING = Duration.ofMillis(500);
    /** Bytes of requests that one connection may have in memory: as many as an agent may have tool calls under way of the largest. */
    public static final long UNHANDLED_BYTES = 16L << 20;
    /** The same of all connections. */
    public static final long UNHANDLED_BYTES_IN_ALL = 128L << 20;
    /** What one connection may have when that is reached. */
    public static final long UNHANDLED_BYTES_WHEN_FULL = 64L << 10;
    /** A connection for which more bytes of answers wait makes no more calls until it reads. */
    public static final long UNREAD_BYTES_TO_ASK = 4L << 20;
    /**
     * Bytes of answers that may wait for one connection to read them; a single one may be larger. So much more than what it may
     * ask with as the largest answers have of all calls that one agent may have under way.
     */
    public static final long UNREAD_BYTES = 16L << 20;
    /** The same of all connections. */
    public static final long UNREAD_BYTES_IN_ALL = 256L << 20;
    /** What one connection may leave unread when that is reached. */
    public static final long UNREAD_BYTES_WHEN_FULL = 64L << 10;
    /** A caller that was refused because too much is under way should wait so long. */
    public static final Duration RETRY_SOON = Duration.ofMillis(100);
    /** A caller that was refused because something is down should wait so long. */
    public static final Duration RETRY_LATER = Duration.ofSeconds(1);

    private RpcLimits() {}
}
