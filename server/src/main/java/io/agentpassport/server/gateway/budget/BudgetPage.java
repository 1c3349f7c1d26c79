package io.agentpassport.server.gateway.budget;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param rows
 *            may be fewer than asked for although more follow
 * @param next
 *            token of the next page, null at the end
 */
public record BudgetPage<T>(List<T> rows, @Nullable String next) {

    public BudgetPage {
        rows = List.copyOf(rows);
    }
}
