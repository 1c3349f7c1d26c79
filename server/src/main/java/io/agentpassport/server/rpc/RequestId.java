package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.NonceSource;
import io.grpc.Context;
import io.grpc.Metadata;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.HexFormat;

/**
 * Names one rpc: what a user quotes, and what the log is searched for. It is never taken from what a caller sends, so that
 * no two have the same, and nobody writes into the log by it. Told to the caller when the rpc fails, in the trailer
 * {@code passport-request-id}; the number of an incident is the same.
 *
 * @param bits
 *            random, so that nobody counts by them how much others ask
 */
record RequestId(long bits) {

    /** The trailer of a failed rpc: 16 digits of lower-case hex. */
    static final Metadata.Key<String> TRAILER = Metadata.Key.of("passport-request-id",
            Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<RequestId> CURRENT = Context.key("request-id");

    /** Where they come from. */
    static final class Source {

        private static final int DRAWN_AT_ONCE = 1_024;

        private final NonceSource nonces;
        private LongBuffer drawn = LongBuffer.allocate(0);

        Source(NonceSource nonces) {
            this.nonces = nonces;
        }

        synchronized RequestId next() {
            if (!drawn.hasRemaining()) {
                drawn = ByteBuffer.wrap(nonces.bytes(DRAWN_AT_ONCE * Long.BYTES)).asLongBuffer();
            }
            return new RequestId(drawn.get());
        }

        /** That of the rpc that this thread handles; a new one where none is at hand. */
        RequestId currentOrNext() {
            RequestId current = CURRENT.get();
            return current == null ? next() : current;
        }

        /** That of the rpc of a context; a new one where it has none. */
        RequestId of(Context context) {
            RequestId found = CURRENT.get(context);
            return found == null ? next() : found;
        }
    }

    /** The context in which it is current. */
    Context in(Context context) {
        return context.withValue(CURRENT, this);
    }

    /** 16 digits of lower-case hex. */
    String text() {
        return HexFormat.of().toHexDigits(bits);
    }

    @Override
    public String toString() {
        return text();
    }
}
