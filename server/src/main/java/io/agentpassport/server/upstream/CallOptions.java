package io.agentpassport.server.upstream;

import java.time.Duration;

/**
 * How one call may be run.
 *
 * @param requestId
 *            for an upstream that takes an idempotency key, 1 to 64 characters
 * @param timeout
 *            when to give up, 1 ms or more; the upstream's own timeout may be shorter
 * @param maxBytes
 *            the largest result that is taken, in bytes of JSON; the upstream's own cap may be smaller
 */
public record CallOptions(String requestId, Duration timeout, int maxBytes) {

    public CallOptions {
        if (requestId.isEmpty() || requestId.length() > 64 || timeout.toMillis() < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("a call has a request id, some time, and room for a result");
        }
    }
}
