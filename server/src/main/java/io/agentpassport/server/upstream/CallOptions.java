package io.agentpassport.server.upstream;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * How one call may be run.
 *
 * @param holder
 *            whose call it is: the 64 hex digits of the hash of the agent's identity
 * @param requestId
 *            what the agent calls it, 1 to 64 characters
 * @param timeout
 *            when to give up, 1 ms or more; the upstream's own timeout may be shorter
 * @param maxBytes
 *            the largest result that is taken, in bytes of JSON; the upstream's own cap may be smaller
 */
public record CallOptions(String holder, String requestId, Duration timeout, int maxBytes) {

    public CallOptions {
        if (holder.length() != 64 || requestId.isEmpty() || requestId.length() > 64 || timeout.toMillis() < 1
                || maxBytes < 1) {
            throw new IllegalArgumentException("a call has a holder, a request id, some time, and room for a result");
        }
    }

    /**
     * For an upstream that takes an idempotency key: 64 hex digits, the same for a request of the same agent only. All agents
     * come by the gateway's credential, so their own request ids alone would meet there.
     */
    String idempotencyKey() {
        return HexText.encode(Digest.sha256((holder + " " + requestId).getBytes(StandardCharsets.UTF_8)));
    }
}
