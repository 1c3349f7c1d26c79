package io.agentpassport.server.gateway.call;

import java.time.Duration;

/**
 * What the gateway may take, beyond what policies say.
 *
 * @param callsPerSecond
 *            of one identity, in the long run
 * @param burst
 *            of one identity, at once after a rest
 * @param inFlight
 *            calls of one identity that run at once
 * @param identities
 *            identities whose rate is remembered, some 200 bytes each; beyond that a new one is let in only when one of
 *            the few that were there first rests and can be forgotten
 * @param toolTimeout
 *            for how long a tool may run when its policy says nothing
 * @param maxResultBytes
 *            the largest result that is taken from a tool, in bytes; a policy may lower it, never raise it
 */
public record GatewayLimits(int callsPerSecond, int burst, int inFlight, int identities, Duration toolTimeout,
        int maxResultBytes) {

    /** How far issued_at may be from our clock. */
    public static final Duration SKEW = Duration.ofSeconds(60);

    /** For how long a request id stays used. */
    public static final Duration CONSUMED = Duration.ofHours(24);

    /** For how long an answer is kept. */
    public static final Duration ANSWER_KEPT = Duration.ofMinutes(10);

    /** The largest answer that is kept. */
    public static final int MAX_KEPT_ANSWER_BYTES = 64 * 1024;

    /** For how long a reservation of AuthorizeToolCall waits to be settled. */
    public static final Duration RESERVATION = Duration.ofMinutes(5);

    /** The longest message of a decision. */
    public static final int MAX_MESSAGE_CHARACTERS = 512;

    /** In production. */
    public static final GatewayLimits DEFAULT = new GatewayLimits(10, 20, 16, 262_144, Duration.ofSeconds(30),
            1 << 19);

    /** The same, with other limits of one identity. */
    public static GatewayLimits of(int callsPerSecond, int burst, int inFlight, Duration toolTimeout) {
        return new GatewayLimits(callsPerSecond, burst, inFlight, DEFAULT.identities, toolTimeout,
                DEFAULT.maxResultBytes);
    }

    public GatewayLimits {
        if (callsPerSecond < 1 || burst < 1 || inFlight < 1 || identities < 1 || maxResultBytes < 1
                || toolTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("every limit of the gateway is 1 or more");
        }
    }
}
