package io.agentpassport.server.partition;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static io.agentpassport.server.store.TestRows.TOKENS;

import io.agentpassport.server.partition.SerialModel.View;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A random command over few rows; the same code runs on the partition and on the model. */
final class SimulatedCommand implements Command<String> {

    /** What a command may throw of its own accord. */
    static final class Boom extends RuntimeException {
        Boom() {
            super("boom", null, false, false);
        }
    }

    private enum Kind {
        ADD, ADD_TWICE, TRANSFER, USE_ONCE, READ, FOLLOW, PUT_BLINDLY, DELETE_BLINDLY, STAGE_AND_THROW, SWALLOW
    }

    private static final int COUNTER_KEYS = 7;
    private static final int TOKEN_KEYS = 5;

    /** Unique in a simulation. */
    final int id;
    private final Kind kind;
    private final String first;
    private final String second;
    private final String token;
    private final int amount;
    private final boolean prefetchesCounters;
    private final boolean prefetchesToken;

    SimulatedCommand(int id, RandomGenerator random) {
        this.id = id;
        this.kind = Kind.values()[random.nextInt(Kind.values().length)];
        this.first = "c" + random.nextInt(COUNTER_KEYS);
        this.second = "c" + random.nextInt(COUNTER_KEYS);
        this.token = "t" + random.nextInt(TOKEN_KEYS);
        this.amount = random.nextInt(1, 20);
        this.prefetchesCounters = random.nextBoolean();
        this.prefetchesToken = random.nextBoolean();
    }

    @Override
    public void prefetch(RowReader rows) {
        if (prefetchesCounters) {
            rows.load(COUNTERS, first);
            rows.load(COUNTERS, second);
        }
        if (prefetchesToken) {
            rows.load(TOKENS, token);
        }
    }

    @Override
    public String decide(Rows rows) {
        return act(SerialModel.of(rows));
    }

    String act(View rows) {
        return switch (kind) {
            case ADD -> "" + add(rows, first, amount);
            case ADD_TWICE -> add(rows, first, amount) + " " + add(rows, second, amount) + " " + add(rows, first, 1);
            case TRANSFER -> transfer(rows);
            case USE_ONCE -> useOnce(rows);
            case READ ->
                rows.number(COUNTERS, first) + " " + rows.get(TOKENS, token) + " " + rows.number(COUNTERS, second);
            case FOLLOW -> "" + add(rows, "c" + rows.number(COUNTERS, first) % COUNTER_KEYS, 1);
            case PUT_BLINDLY -> {
                rows.put(COUNTERS, second, (long) amount);
                yield "put " + rows.number(COUNTERS, second);
            }
            case DELETE_BLINDLY -> {
                rows.delete(COUNTERS, second);
                yield "deleted " + rows.get(COUNTERS, second);
            }
            case STAGE_AND_THROW -> {
                add(rows, first, amount);
                add(rows, first, amount);
                rows.put(TOKENS, token, "by a command that fails");
                throw new Boom();
            }
            case SWALLOW -> swallow(rows);
        };
    }

    private static long add(View rows, String counter, long amount) {
        long after = rows.number(COUNTERS, counter) + amount;
        rows.put(COUNTERS, counter, after);
        return after;
    }

    /** Takes from the first before it knows whether the second is in memory. */
    private String transfer(View rows) {
        long has = rows.number(COUNTERS, first);
        if (has < amount) {
            return "only " + has;
        }
        rows.put(COUNTERS, first, has - amount);
        return "moved " + add(rows, second, amount);
    }

    private String useOnce(View rows) {
        String by = rows.get(TOKENS, token);
        if (by != null) {
            return "used by " + by;
        }
        rows.put(TOKENS, token, "" + id, rows.now().plusMillis(amount * 5L));
        return "won";
    }

    /** Catches what it must not, and goes on as if the row were not there. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    private String swallow(View rows) {
        List<String> seen = new ArrayList<>();
        for (String counter : List.of(first, second)) {
            try {
                seen.add("" + rows.number(COUNTERS, counter));
            } catch (Throwable e) {
                rows.put(COUNTERS, counter, -1_000_000L);
                seen.add("nothing");
            }
        }
        return String.join(" ", seen);
    }

    @Override
    public String toString() {
        return "#" + id + " " + kind + " " + first + " " + second + " " + token + " " + amount;
    }
}
