package io.agentpassport.server.gateway.limit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A counter as the specification has it: every use that was let through, with its time, and nothing else. What it says is
 * worked out anew from all of them each time.
 */
final class CounterModel {

    /** What must come of asking for a use. */
    enum Verdict {
        LET, REFUSE, EITHER
    }

    /** A use that was let through. */
    static final class Use {
        final long at;
        final BigDecimal cost;
        final BigDecimal max;
        boolean refunded;
        long refundedAt;

        Use(long at, BigDecimal cost, BigDecimal max) {
            this.at = at;
            this.cost = cost;
            this.max = max;
        }
    }

    private final CounterId id;
    private final List<Use> uses = new ArrayList<>();

    CounterModel(CounterId id) {
        this.id = id;
    }

    Use let(long at, BigDecimal cost, BigDecimal max) {
        Use use = new Use(at, cost, max);
        uses.add(use);
        return use;
    }

    Verdict verdict(long now, BigDecimal cost, BigDecimal max) {
        return switch (id.algorithm()) {
            case FIXED -> verdict(used(now).add(cost).compareTo(max) <= 0);
            case SLIDING -> sliding(now, cost, max);
            case TOKEN_BUCKET -> tokens(now, cost, max);
        };
    }

    private static Verdict verdict(boolean fits) {
        return fits ? Verdict.LET : Verdict.REFUSE;
    }

    /** What counts in the window of FIXED. */
    BigDecimal used(long now) {
        return switch (id.window().kind()) {
            case SECONDS -> sum(windowStart(now), now);
            case MONTH -> sum(YearMonth.from(Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC))
                    .atDay(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli(), now);
            case TOTAL, INFLIGHT -> sum(0, now);
        };
    }

    private long windowStart(long now) {
        long length = id.window().seconds() * 1000;
        return now - Math.floorMod(now, length);
    }

    private Verdict sliding(long now, BigDecimal cost, BigDecimal max) {
        long length = id.window().seconds() * 1000;
        if (sum(now - length + 1, now).add(cost).compareTo(max) > 0) {
            return Verdict.REFUSE;
        }
        // Conservative by the rest of a slice at most.
        long longer = length + Math.ceilDiv(length, 60);
        return sum(now - longer + 1, now).add(cost).compareTo(max) > 0 ? Verdict.EITHER : Verdict.LET;
    }

    /** The most that is used in any stretch of time as long as the window. */
    BigDecimal mostInAnyWindow() {
        long length = id.window().seconds() * 1000;
        return uses.stream()
                .map(use -> sum(use.at - length + 1, use.at))
                .reduce(BigDecimal.ZERO, BigDecimal::max);
    }

    private BigDecimal sum(long from, long to) {
        return uses.stream()
                .filter(use -> !use.refunded && use.at >= from && use.at <= to)
                .map(use -> use.cost)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /**
     * The truth lies between two buckets: one that never saw what was refunded, and one where refunds were never given.
     */
    private Verdict tokens(long now, BigDecimal cost, BigDecimal max) {
        if (missing(now, false).add(cost).compareTo(max) > 0) {
            return Verdict.REFUSE;
        }
        return missing(now, true).add(cost).compareTo(max) > 0 ? Verdict.EITHER : Verdict.LET;
    }

    /** What is missing of a bucket; between two uses it fills at the rate of the first. */
    BigDecimal missing(long now, boolean withRefunded) {
        BigDecimal missing = BigDecimal.ZERO;
        BigDecimal rate = BigDecimal.ZERO;
        long at = 0;
        for (Use use : uses) {
            missing = missing.subtract(rate.multiply(BigDecimal.valueOf(use.at - at))).max(BigDecimal.ZERO);
            // A window of so many milliseconds that the quotient is exact, or the generator is wrong.
            rate = use.max.divide(BigDecimal.valueOf(id.window().seconds() * 1000), MathContext.UNLIMITED);
            at = use.at;
            if (withRefunded || !use.refunded) {
                missing = missing.add(use.cost);
            }
        }
        return missing.subtract(rate.multiply(BigDecimal.valueOf(now - at))).max(BigDecimal.ZERO);
    }
}
