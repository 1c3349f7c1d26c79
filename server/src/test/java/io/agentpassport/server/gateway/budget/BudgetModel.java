package io.agentpassport.server.gateway.budget;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tree of budgets as the specification has it: who was given what, which calls are under way, what was spent where. All else
 * is worked out anew from that each time.
 */
final class BudgetModel {

    /** One session. */
    static final class Session {
        final BudgetSessionId id;
        final @Nullable Session parent;
        final String currency;
        final List<Session> children = new ArrayList<>();
        final Map<String, BigDecimal> calls = new LinkedHashMap<>();
        BigDecimal funded;
        BigDecimal spent = BigDecimal.ZERO;
        long expiresAt;
        boolean overdrawn;

        /** Null as long as it is open. */
        @Nullable
        BudgetStatus closed;

        Session(BudgetSessionId id, @Nullable Session parent, String currency, BigDecimal funded, long expiresAt) {
            this.id = id;
            this.parent = parent;
            this.currency = currency;
            this.funded = funded;
            this.expiresAt = expiresAt;
            if (parent != null) {
                parent.children.add(this);
            }
        }

        BigDecimal used() {
            return children.stream()
                    .filter(child -> child.closed != null)
                    .map(Session::used)
                    .reduce(spent, BigDecimal::add);
        }

        BigDecimal reserved() {
            BigDecimal forCalls = calls.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            return children.stream()
                    .map(child -> child.closed == null ? child.funded : child.reserved())
                    .reduce(forCalls, BigDecimal::add);
        }

        /** A child that is closed keeps nothing that is free. */
        BigDecimal total() {
            return closed != null && parent != null ? used().add(reserved()) : funded;
        }

        BigDecimal remaining() {
            return total().subtract(used()).subtract(reserved());
        }

        BudgetStatus status(long now) {
            BudgetStatus own = own(now);
            for (Session above = parent; above != null; above = above.parent) {
                BudgetStatus there = above.own(now);
                if (there.isOver() && there.compareTo(own) > 0) {
                    own = there;
                }
            }
            return own;
        }

        private BudgetStatus own(long now) {
            if (closed != null && closed != BudgetStatus.EXPIRED) {
                return closed;
            }
            if (closed != null || now >= expiresAt) {
                return BudgetStatus.EXPIRED;
            }
            return overdrawn || remaining().signum() == 0 ? BudgetStatus.EXHAUSTED : BudgetStatus.ACTIVE;
        }

        /** Whether that may be taken out of it. */
        boolean covers(BigDecimal amount, long now) {
            return !status(now).isOver() && !overdrawn && remaining().compareTo(amount) >= 0;
        }

        void close(BudgetStatus as) {
            if (closed == null) {
                closed = as;
            }
        }

        void settle(String call, BigDecimal actual, long now) {
            BigDecimal reserve = Objects.requireNonNull(calls.remove(call));
            BigDecimal cost = actual.signum() < 0 ? reserve : actual;
            spent = spent.add(cost.min(reserve));
            BigDecimal free = remaining();
            BigDecimal beyond = cost.subtract(reserve).max(BigDecimal.ZERO);
            spent = spent.add(beyond.min(free));
            overdrawn |= beyond.compareTo(free) > 0;
            BudgetStatus status = status(now);
            if (status.isOver()) {
                close(status);
            }
        }
    }
}
