package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.RowInput;
import io.agentpassport.server.store.RowOutput;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/** The rows of counters. They are written on the way of every call, so they are binary; the first byte says which form. */
public final class LimitRows {

    private static final int KEY = 1;
    private static final int FIXED = 1;
    private static final int SLIDING = 2;
    private static final int TOKEN_BUCKET = 3;

    /** What counters have counted; a row is gone when nothing of it counts any more. */
    static final Keyspace<CounterId, CounterState> COUNTERS = new Keyspace<>(55, "counters",
            Codec.of(LimitRows::encodeKey, LimitRows::decodeKey), Codec.of(LimitRows::encode, LimitRows::decode));

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(COUNTERS);

    private LimitRows() {}

    static void put(Rows rows, CounterId counter, CounterState state) {
        if (!state.isEmpty()) {
            long expiry = state.resetsAt();
            if (expiry == CounterState.NEVER) {
                rows.put(COUNTERS, counter, state);
            } else {
                rows.put(COUNTERS, counter, state, Instant.ofEpochMilli(expiry));
            }
        } else if (rows.get(COUNTERS, counter) != null) {
            rows.delete(COUNTERS, counter);
        }
    }

    private static byte[] encodeKey(CounterId id) {
        return new RowOutput(KEY, id.text().length() + 12).small(Alignment.code(id.window().kind()))
                .number(id.window().seconds())
                .small(Alignment.code(id.algorithm()))
                .text(id.text())
                .toByteArray();
    }

    private static CounterId decodeKey(byte[] bytes) {
        RowInput in = RowInput.of(bytes, KEY);
        Window window = Alignment.windowOf(in.small(), in.number());
        LimitAlgorithm algorithm = Alignment.algorithmOf(in.small());
        CounterId id = new CounterId(in.text(), window, algorithm);
        in.end();
        return id;
    }

    private static byte[] encode(CounterState state) {
        return switch (state) {
            case FixedCount count -> new RowOutput(FIXED, 40).number(count.window())
                    .number(count.resetsAt())
                    .decimal(count.used())
                    .toByteArray();
            case SlidingCount count -> encode(count);
            case TokenBucket bucket -> new RowOutput(TOKEN_BUCKET, 80).number(bucket.windowMillis())
                    .number(bucket.atMillis())
                    .number(bucket.sinceMillis())
                    .bytes(bucket.rate().toByteArray())
                    .bytes(bucket.missing().toByteArray())
                    .toByteArray();
        };
    }

    private static byte[] encode(SlidingCount count) {
        RowOutput out = new RowOutput(SLIDING, 24 + 8 * count.size()).number(count.windowMillis())
                .number(count.size());
        long before = 0;
        for (int i = 0; i < count.size(); i++) {
            out.number(count.slice(i) - before).decimal(count.count(i));
            before = count.slice(i);
        }
        return out.toByteArray();
    }

    private static CounterState decode(byte[] bytes) {
        RowInput in = new RowInput(bytes);
        CounterState state = switch (in.form()) {
            case FIXED -> new FixedCount(in.number(), in.number(), in.decimal());
            case SLIDING -> sliding(in);
            case TOKEN_BUCKET -> new TokenBucket(in.number(), in.number(), in.number(), new BigInteger(in.bytes()),
                    new BigInteger(in.bytes()));
            default -> throw new IllegalArgumentException("no form of a counter: " + in.form());
        };
        in.end();
        return state;
    }

    private static SlidingCount sliding(RowInput in) {
        long windowMillis = in.number();
        int size = in.count(SlidingCount.MAX_SLICES);
        long[] slices = new long[size];
        Decimal[] counts = new Decimal[size];
        long before = 0;
        for (int i = 0; i < size; i++) {
            before += in.number();
            slices[i] = before;
            counts[i] = in.decimal();
        }
        return SlidingCount.of(windowMillis, slices, counts);
    }
}
